# Removes what lost builds have left: folders that nobody has asked for in a week, of commands that have ended. What is not
# named and filled as such a folder is not ours. A name with a line end in it would be read as two.

sweep() {
    find "$base/." ! -name . -prune -type d -name '????????-????-????-????-????????????' \
        ! -name '*[!0-9a-f-]*' -mtime +7 2> /dev/null |
        while IFS= read -r dir; do
            if [ -f "$dir/result" ]; then
                last=$dir/result
            else
                last=$dir/heartbeat
            fi
            [ -n "$(find "$last" -mtime +7 2> /dev/null)" ] && [ -f "$dir/wrapper" ] && ! alive && rm -rf "$dir"
        done
}

main() {
    [ -z "$base" ] || sweep
    say swept
}
