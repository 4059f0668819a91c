# Prints the command's stdout and stderr, each as such, from an offset in bytes on; as they come, until the command ends,
# something is wrong, or the input of this script does. That ends with the connection too: a tail would live on otherwise.
# In front of both comes a line "ID follow", after which all bytes are the command's.
#
# Set before: out and err, the offsets.

main() {
    exec 3<&0 4>&2 2> /dev/null
    say follow
    say follow >&4
    live=-f
    if over || ! alive; then
        live=
    fi
    tail -c "+$((out + 1))" $live "$dir/stdout" < /dev/null 4>&- 3<&- &
    one=$!
    tail -c "+$((err + 1))" $live "$dir/stderr" < /dev/null >&4 4>&- 3<&- &
    two=$!
    trap 'kill "$one" "$two"; exit' TERM
    (
        trap - TERM
        cat > /dev/null
        kill "$$"
    ) <&3 > /dev/null 3<&- 4>&- &
    watch=$!
    exec 3<&-
    if [ -z "$live" ]; then
        wait "$one" "$two"
    else
        count=0
        until over; do
            count=$((count + 1))
            [ "$((count % 10))" -ne 0 ] || { alive && writable; } || break
            # A shell heeds a signal at once only in a wait. The sleep must not hold the output open.
            sleep 1 > /dev/null 4>&- &
            wait "$!"
        done
    fi
    kill "$watch" "$one" "$two"
}
