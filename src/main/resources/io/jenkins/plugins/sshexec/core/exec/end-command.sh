# Ends a command that runs over this SSH connection, with every process that it has started: TERM, then KILL.
#
#   sh -s MARK GRACE_SECONDS ALONE SIGNALLED [PID] < end-command.sh
#
# ALONE is 1 where nothing else runs over this connection; SIGNALLED is 1 where the server has sent TERM to the command's
# process group already, which should not get it twice. Prints "MARK PID COMMAND LINE" for each process that is left, and
# "MARK done" as the last line.
#
# The processes of the command are those that carry the mark in their environment, where the system shows it and the server
# let it in, and the other child of our own sshd, where there can be but one; with their descendants, and the members of the
# process groups that they lead. POSIX sh, with awk; reads /proc where there is one, else asks ps.

mark=$1 grace=$2 alone=$3 signalled=$4

# Of each process that is not dead: PID PARENT GROUP SESSION
processes() {
    if [ -r /proc/self/stat ]; then
        for stat in /proc/[0-9]*/stat; do
            { read -r line < "$stat"; } 2> /dev/null || continue
            pid=${stat#/proc/}
            set -- ${line##*") "}
            case $1 in
                Z | X) ;;
                *) echo "${pid%/stat} $2 $3 $4" ;;
            esac
        done
    else
        ps -A -o pid= -o ppid= -o pgid= -o state= | awk '$4 !~ /^Z/ { print $1, $2, $3, 0 }'
    fi
}

marked() {
    for environ in $(grep -lz "^LC_JENKINS_SSH_EXEC=$mark\$" /proc/[0-9]*/environ 2> /dev/null); do
        environ=${environ#/proc/}
        echo "${environ%/environ}"
    done
}

# The process that serves this connection; empty where it may serve others too.
connection() {
    name=$(cat "/proc/$PPID/comm" 2> /dev/null || ps -o comm= -p "$PPID")
    case $alone$name in
        1*sshd* | 1*dropbear*) echo "$PPID" ;;
    esac
}

# The command's processes, a line each: PID, and 1 where TERM has still to be sent to it.
#   $1  processes found earlier, which stay in the list as long as they live
members() {
    processes | awk -v me=$$ -v connection="$connection" -v marked="$(marked)" -v found="$1" -v signalled="$signalled" '
        { parent[$1] = $2; group[$1] = $3; session[$1] = $4 }
        $2 == connection && $1 != me { children++; child = $1 }
        END {
            count = split(marked " " found, pids, /[ \n]+/)
            for (i = 1; i <= count; i++) if (pids[i] in parent) own[pids[i]]
            if (connection != "" && children == 1) own[child]
            do {
                grown = 0
                for (pid in parent)
                    if (!(pid in own) && (parent[pid] in own || group[pid] in own)) { own[pid]; grown = 1 }
            } while (grown)
            # Parents first: a shell whose child has ended goes on with its next command.
            for (pid in own) {
                depth[pid] = 0
                for (ancestor = parent[pid]; ancestor in own && depth[pid] < 100; ancestor = parent[ancestor]) depth[pid]++
                if (depth[pid] > deepest) deepest = depth[pid]
            }
            for (level = 0; level <= deepest; level++) for (pid in own) if (depth[pid] == level) {
                # The command itself leads a group and a session; when it is dead, both go without a leader.
                lead = group[pid] == session[pid] && (!(group[pid] in parent) || parent[group[pid]] == connection)
                print pid, signalled && lead ? 0 : 1
            }
        }'
}

pids() {
    echo "$1" | while read -r pid rest; do echo "$pid"; done
}

connection=$(connection)
own=$(members "${5-}")
term=$(echo "$own" | while read -r pid wanted; do [ "$wanted" != 1 ] || echo "$pid"; done)
[ -z "$term" ] || kill -TERM $term 2> /dev/null

# In tenths of a second, where sleep knows these; looking around takes a while too, so the clock tells when it is enough.
# From one look to the next, since the clock may be set meanwhile: hours, or back, count for a second.
pause=1
spent=0
last=$(date +%s)
until [ -z "$own" ] || [ "$spent" -ge "$grace" ]; do
    sleep "0.$pause" 2> /dev/null || sleep 1
    [ "$pause" -ge 8 ] || pause=$((pause * 2))
    own=$(members "$(pids "$own")")
    now=$(date +%s)
    case $((now - last)) in
        [0-9] | [1-9][0-9]) spent=$((spent + now - last)) ;;
        *) spent=$((spent + 1)) ;;
    esac
    last=$now
done

if [ -n "$own" ]; then
    kill -KILL $(pids "$own") 2> /dev/null
    sleep 0.2 2> /dev/null || sleep 1
    own=$(members "$(pids "$own")")
fi

pids "$own" | while read -r pid; do
    [ -z "$pid" ] || echo "$mark $pid $(ps -o args= -p "$pid" 2> /dev/null || tr '\0' ' ' < "/proc/$pid/cmdline")"
done
echo "$mark done"
