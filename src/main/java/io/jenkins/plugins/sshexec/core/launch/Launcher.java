package io.jenkins.plugins.sshexec.core.launch;

import io.jenkins.plugins.sshexec.core.launch.Dialogue.Sign;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * The text that has a POSIX shell launch a command: a line for the login shell, whichever that is, with nothing in it of what
 * the user gave; and a second one that the shell reads from its stdin, with all of it, since the host's list of processes shows
 * anybody the first. {@code read} takes no byte more than its line (POSIX), so what comes after is the command's own.
 *
 * <p>Where something is asked of the shell before it can be told the second line, it says by {@link Sign signs} how far it has come.
 */
final class Launcher {

    /** Within double quotes, within single quotes of the login shell. */
    private static final String READ_LINE = "IFS= read -r jse_p && eval \"$jse_p\"";

    /** Of one word of a command, where a shell has no printf of its own; Linux takes 128 KiB. */
    private static final int CHUNK_BYTES = 32 * 1024;

    private final CommandSetting setting;
    private final String token;

    /** @param token of letters, digits and hyphens, by which the signs are known */
    Launcher(CommandSetting setting, String token) {
        this.setting = setting;
        this.token = token;
    }

    /** Whether the shell says when the second line may come. */
    boolean saysWhenReady() {
        return hasTerminal() || setting.sudo().isPresent();
    }

    /** For the login shell. */
    String line() {
        return "exec /bin/sh -c '" + setting.sudo().map(this::withSudo).orElseGet(this::withoutSudo) + "'";
    }

    private String withoutSudo() {
        return hasTerminal()
                ? "jse_s=${SHELL:-/bin/sh} jse_t=$(stty -g) && " + readyAndReading()
                : "jse_s=${SHELL:-/bin/sh}; " + READ_LINE;
    }

    /**
     * In the language C, because what sudo says is looked at; the command itself has its own. The shell stays, as the one process that
     * belongs to the user who logs in: by it the others are found when the command is to be ended.
     */
    private String withSudo(Sudo sudo) {
        String inner = "jse_l=$1 jse_s=$2 jse_t=$3; " + readyAndReading();
        return "trap : HUP INT TERM; jse_l=${LC_ALL-}; LC_ALL=C; export LC_ALL; "
                + (hasTerminal() ? "jse_t=$(stty -g) && stty -echo && " : "")
                + "sudo -S -H -p " + sign(Sign.PASSWORD) + " -u " + word(sudo) + " -- /bin/sh -c \""
                + inner.replace("\"", "\\\"").replace("$", "\\$")
                + "\" sh \"$jse_l\" \"${SHELL:-/bin/sh}\" \"${jse_t-}\"; exit $?";
    }

    /** What begins with a number sign is a comment to a shell. */
    private static String word(Sudo sudo) {
        return sudo.user().replace("#", "\\#");
    }

    /** A terminal would echo the second line, cut it off, and act upon some of its bytes. */
    private String readyAndReading() {
        return (hasTerminal() ? "stty raw -echo && " : "") + say(Sign.READY) + " && " + READ_LINE;
    }

    private String say(Sign sign) {
        return "printf %s " + sign(sign) + " >&2";
    }

    private String sign(Sign sign) {
        return token + sign.letter();
    }

    private boolean hasTerminal() {
        return setting.terminal().isPresent();
    }

    /** For the shell's stdin, with its line end. */
    byte[] preamble(Program program) {
        Text text = new Text();
        text.add("jse_n=$(printf \"\\n.\"); jse_n=${jse_n%.}; ");
        // Bash reads ~/.bashrc for a command by SSH unless it is below another shell, and exec counted one back.
        text.add("[ -z \"${SHLVL-}\" ] || SHLVL=$((SHLVL + 1)); ");
        if (setting.sudo().isPresent()) {
            text.add("if [ -n \"$jse_l\" ]; then LC_ALL=$jse_l; else unset LC_ALL; fi; ");
        }
        if (hasTerminal()) {
            text.add("stty \"$jse_t\"; ");
        }
        setting.directory().ifPresent(directory -> {
            String relative = directory.length > 0 && directory[0] == '/' ? "" : "./";
            text.add("cd " + relative).addQuoted(directory);
            text.add(" 2> /dev/null || { " + say(Sign.NO_DIRECTORY) + "; exit 1; }; ");
        });
        for (Map.Entry<String, byte[]> variable : setting.variables().entrySet()) {
            text.add(variable.getKey() + "=").addQuoted(variable.getValue());
            text.add("; export " + variable.getKey() + "; ");
        }
        if (program instanceof CommandLine command) {
            text.add(say(Sign.STARTING) + "; exec \"$jse_s\" -c ").addQuoted(command.text());
        } else if (program instanceof Script script) {
            addScript(text, script);
        }
        return text.add("\n").toBytes();
    }

    /**
     * The script is a file in a folder that nobody else can have made, or read. The shell stays to remove it. Beside it is a second one
     * that does so as soon as the script is to be ended, since what ends it may in the end kill everything.
     */
    private void addScript(Text text, Script script) {
        byte[] name = script.name().getBytes(StandardCharsets.UTF_8);
        text.add("trap : HUP INT TERM; jse_d=${TMPDIR:-/tmp}/" + token.replace("@", "") + "script; ");
        String orRefuse = say(Sign.NO_SCRIPT) + "; exit 1; }; ";
        // Apart from what follows, for a folder of this name that was there already is not to be removed.
        text.add("(umask 077; mkdir \"$jse_d\") || { " + orRefuse);
        text.add("(umask 077; {");
        for (int from = 0; from == 0 || from < script.text().length; from += CHUNK_BYTES) {
            int to = Math.min(script.text().length, from + CHUNK_BYTES);
            text.add(" printf %s ")
                    .addQuoted(Arrays.copyOfRange(script.text(), from, to))
                    .add(" &&");
        }
        text.add(" :; } > \"$jse_d\"/").addQuoted(name);
        text.add(") || { rm -rf \"$jse_d\"; " + orRefuse);
        text.add(
                "(trap 'kill $!; rm -rf \"$jse_d\"; exit' HUP INT TERM; while kill -0 $$; do sleep 10 & wait $!; done; ");
        text.add("rm -rf \"$jse_d\") < /dev/null > /dev/null 2>&1 & jse_c=$!; " + say(Sign.STARTING) + ";");
        for (String word : script.interpreter()) {
            text.add(" ").addQuoted(word.getBytes(StandardCharsets.UTF_8));
        }
        text.add(" \"$jse_d\"/").addQuoted(name);
        for (byte[] argument : script.arguments()) {
            text.add(" ").addQuoted(argument);
        }
        text.add("; jse_r=$?; kill $jse_c 2> /dev/null; rm -rf \"$jse_d\"; exit $jse_r");
    }

    /** One line of a shell's text in the making. */
    private static final class Text {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Text add(String plain) {
            bytes.writeBytes(plain.getBytes(StandardCharsets.UTF_8));
            return this;
        }

        /** Any bytes but NUL: within single quotes a shell takes all but these as they are. */
        Text addQuoted(byte[] value) {
            add("'");
            for (byte each : value) {
                switch (each) {
                    case '\'' -> add("'\\''");
                    case '\n' -> add("'\"$jse_n\"'");
                    default -> bytes.write(each);
                }
            }
            return add("'");
        }

        byte[] toBytes() {
            return bytes.toByteArray();
        }
    }
}
