# Removes the command's folder.
main() {
    if rm -rf "$dir" 2> /dev/null; then
        say removed
    fi
}
