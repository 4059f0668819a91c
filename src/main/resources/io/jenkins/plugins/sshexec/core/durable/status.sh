# Says what has become of the command: "finished HOW BYTES_OF_STDOUT BYTES_OF_STDERR", HOW being "exited STATUS" or "signalled
# NAME", with a last word "full" where the disk was when it ended; or "running", "full" (it runs, and the disk is full), "launching", "ended", "absent", "dead BEATS", "rebooted BEATS".

result() {
    read -r how what full < "$dir/result"
    say finished "$how" "$what" "$(bytes "$dir/stdout")" "$(bytes "$dir/stderr")" "$full"
}

main() {
    if [ ! -d "$dir" ]; then
        say absent
    elif [ -f "$dir/result" ]; then
        result
    elif [ -f "$dir/ended" ]; then
        say ended
    elif alive; then
        if writable; then
            say running
        else
            say full
        fi
    elif [ ! -f "$dir/pid" ]; then
        say launching
    elif [ -f "$dir/result" ]; then # since just now
        result
    else
        read -r beats < "$dir/heartbeat"
        now=$(boot)
        if [ -n "$now" ] && [ "${since#*@}" != "$now" ]; then
            say rebooted "$beats"
        else
            say dead "$beats"
        fi
    fi
}
