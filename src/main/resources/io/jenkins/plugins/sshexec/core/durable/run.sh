# Becomes the command, as sshd would start it.
dir=$JSE_BASE/$JSE_ID
umask "$JSE_MASK"
LC_JENKINS_SSH_EXEC=$JSE_ID
export LC_JENKINS_SSH_EXEC
unset JSE_ID JSE_BASE JSE_SHELL JSE_MASK
exec "${SHELL:-/bin/sh}" -c "$(cat "$dir/command")" < /dev/null >> "$dir/stdout" 2>> "$dir/stderr"
