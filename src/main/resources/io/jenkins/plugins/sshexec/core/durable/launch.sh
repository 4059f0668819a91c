# Makes the command's folder and starts its wrapper, apart from this SSH connection. Answers "launched"; "exists" where the
# folder was there already, so that the command is started once however often this runs; or "refused WHY", and then nothing
# has run.
#
# Comes after sweep.sh. Set before: command; wrapper and run, the texts of the scripts of that name; shell, which runs these.

refuse() {
    say refused "$(echo "$1" | tr '\n' ' ')"
    [ -z "$made" ] || rm -rf "$made"
}

write() {
    printf '%s\n' "$command" > "$dir/command" &&
        printf '%s\n' "$wrapper" > "$dir/wrapper" &&
        printf '%s\n' "$run" > "$dir/run" &&
        : > "$dir/stdout" &&
        : > "$dir/stderr" &&
        : > "$dir/trouble" &&
        printf '%20s\n' 0 > "$dir/heartbeat" &&
        # Room for the result, should the disk be full by then.
        printf '%60s\n' ' ' > "$dir/result.new"
}

main() {
    made=
    if [ -z "$base" ]; then
        refuse "HOME is not set"
        return
    fi
    mask=$(umask)
    umask 077
    if ! why=$(mkdir -p "$base" 2>&1); then
        refuse "$why"
        return
    fi
    if ! why=$(mkdir "$dir" 2>&1); then
        if [ -d "$dir" ]; then
            say exists
        else
            refuse "$why"
        fi
        return
    fi
    made=$dir
    if ! why=$( (write) 2>&1); then
        writable || why="its disk is full" # in the words of the shell it is an I/O error
        refuse "$why"
        return
    fi
    unset LC_JENKINS_SSH_EXEC # by which this script itself is found
    JSE_ID=$id JSE_BASE=$base JSE_SHELL=$shell JSE_MASK=$mask
    export JSE_ID JSE_BASE JSE_SHELL JSE_MASK
    if command -v setsid > /dev/null 2>&1; then
        setsid $shell "$dir/wrapper" < /dev/null > /dev/null 2> "$dir/trouble" &
    else
        set -m 2> /dev/null
        nohup $shell "$dir/wrapper" < /dev/null > /dev/null 2> "$dir/trouble" &
    fi
    started=$!
    tries=0
    until [ -f "$dir/pid" ] || [ "$tries" -ge 100 ] || ! kill -0 "$started" 2> /dev/null; do
        sleep 0.1 2> /dev/null || sleep 1
        tries=$((tries + 1))
    done
    say launched
    sweep
}
