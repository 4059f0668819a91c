# Runs the command and writes its result; started by launch.sh. It does not carry the mark by which the command's
# processes are ended, and so is there to say how they did. Comes after common.sh, with id and base from JSE_ID and JSE_BASE.

# Ends with the wrapper, should that be killed, or with the folder.
beat() {
    count=0
    while kill -0 "$$" 2> /dev/null && [ -d "$dir" ]; do
        count=$((count + 1))
        printf '%20s\n' "$count" 1<> "$dir/heartbeat"
        sleep 10
    done
}

# awk tells a signal from an exit status, where shells make one of the other; the awk of busybox says 0 for a signal.
tells() {
    [ "$(awk 'BEGIN { print system("kill -9 $$") }' < /dev/null 2> /dev/null)" = 265 ]
}

main() {
    printf '%s %s\n' "$$" "$(began "$$")" > "$dir/pid.new" && mv -f "$dir/pid.new" "$dir/pid" || exit
    [ ! -e "$dir/ending" ] || exit
    beat &
    beating=$!
    if tells; then
        status=$(awk 'BEGIN { print system("exec $JSE_SHELL \"$JSE_BASE/$JSE_ID/run\"") }' < /dev/null)
    else
        $JSE_SHELL "$dir/run"
        status=$?
    fi
    case $status in
        '' | *[!0-9]*) exit ;; # awk was killed
    esac
    if [ "$status" -ge 256 ]; then
        how="signalled $(kill -l $((status % 128)))"
    else
        how="exited $status"
    fi
    full=
    writable || full=full # so that output may be missing
    until printf '%-60s\n' "$how $full" 1<> "$dir/result.new" && mv -f "$dir/result.new" "$dir/result"; do
        [ -d "$dir" ] || break
        sleep 10
    done
    kill "$beating"
}

main
