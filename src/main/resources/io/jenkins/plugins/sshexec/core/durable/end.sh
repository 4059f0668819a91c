# Ends the command; end-command.sh comes after it and does it. A command whose launch is under way, or still
# on its way, does not begin any more.
(umask 077; mkdir -p "$dir"; : > "$dir/ending")
found=
# The command's processes are found by their environment, where a system shows that; else from the wrapper on.
if [ ! -r /proc/self/environ ] && alive; then
    found=$pid
fi
set -- "$id" "$grace" 0 0 "$found"
