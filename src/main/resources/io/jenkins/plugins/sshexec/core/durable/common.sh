# Read before each of the scripts of durable commands, which come by the stdin of a POSIX shell. Set before: id, the command's;
# base, the folder of all commands' folders, or nothing for the one in the home directory. Each script only defines
# functions, and runs by a last line of its own: of one that comes cut off, nothing runs.

# Answers are lines that begin with the id, whatever else start-up files of shells print.
say() {
    printf '%s %s\n' "$id" "$*"
}

# When a process began, so that its number on another process is not taken for it; with the boot on Linux.
began() {
    if [ -r "/proc/$1/stat" ]; then
        { read -r stat < "/proc/$1/stat"; } 2> /dev/null || return 0
        set -- ${stat##*") "}
        echo "${20}@$(boot)"
    else
        ps -o lstart= -p "$1" 2> /dev/null | tr -s ' ' '-'
    fi
}

boot() {
    { read -r bootId < /proc/sys/kernel/random/boot_id; } 2> /dev/null && echo "$bootId"
}

# Whether the wrapper runs, which runs the command and then writes its result.
alive() {
    { read -r pid since < "$dir/pid"; } 2> /dev/null || return 1
    kill -0 "$pid" 2> /dev/null && [ "$(began "$pid")" = "$since" ]
}

# Whether nothing more comes from the command.
over() {
    [ -f "$dir/result" ] || [ -f "$dir/ended" ] || [ ! -d "$dir" ]
}

# Whether output can be stored.
writable() {
    { printf '%4096s' ' ' > "$dir/probe.$$" && rm -f "$dir/probe.$$"; } 2> /dev/null || {
        rm -f "$dir/probe.$$" 2> /dev/null
        return 1
    }
}

bytes() {
    echo $(($(wc -c < "$1")))
}

if [ -z "$base" ] && [ -n "${HOME-}" ]; then
    base=$HOME/.jenkins-ssh-exec
fi
dir=$base/$id
