package io.jenkins.plugins.sshexec.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileSelectionTest {

    /** As Ant's manual describes them, and what is easily got wrong. */
    @ParameterizedTest
    @CsvSource({
        "**/*.txt,          a.txt,                 true",
        "**/*.txt,          a/b/c.txt,             true",
        "*.txt,             a.txt,                 true",
        "*.txt,             a/a.txt,               false",
        "a/*.txt,           a/b/c.txt,             false",
        "**/CVS/*,          CVS/Repository,        true",
        "**/CVS/*,          org/apache/CVS/Entries, true",
        "**/CVS/*,          org/apache/CVS/foo/bar/Entries, false",
        "org/apache/jakarta/**, org/apache/jakarta/tools/ant/docs/index.html, true",
        "org/apache/jakarta/**, org/apache/jakarta/test.xml, true",
        "org/apache/jakarta/**, org/apache/xyz.java, false",
        "org/apache/**/CVS/*, org/apache/CVS/Entries, true",
        "org/apache/**/CVS/*, org/apache/jakarta/tools/ant/CVS/Entries, true",
        "org/apache/**/CVS/*, org/apache/CVS/foo/bar/Entries, false",
        "**/test/**,        test,                  true",
        "**/test/**,        a/test/b,              true",
        "**/test/**,        a/tests/b,             false",
        "target/,           target/a/b,            true",
        "target/,           targets/a,             false",
        "target\\*.jar,     target/a.jar,          true",
        "a?c,               abc,                   true",
        "a?c,               ac,                    false",
        "*,                 a,                     true",
        "*a*b*,             xxaxxbxx,              true",
        "*a*b*,             xxbxxaxx,              false",
        "A.txt,             a.txt,                 false",
        "**,                anything/at/all,       true",
        "**/**/a,           a,                     true",
        "a.*,               aXb,                   false",
        "[ab],              a,                     false",
        "{a},               a,                     false"
    })
    void patternsAreAnts(String pattern, String path, boolean matches) {
        assertThat(FileSelection.of(pattern, "").matches(path)).isEqualTo(matches);
        assertThat(FileSelection.of("", pattern).matches(path)).isEqualTo(!matches);
    }

    @Test
    void severalPatternsArePartedByCommasAndLines() {
        FileSelection selection = FileSelection.of("*.txt, *.log\n  *.with space", "a.*");
        assertThat(selection.matches("b.txt")).isTrue();
        assertThat(selection.matches("b.log")).isTrue();
        assertThat(selection.matches("b.with space")).isTrue();
        assertThat(selection.matches("a.txt")).isFalse();
        assertThat(selection.matches("b.zip")).isFalse();
    }

    @Test
    void withoutPatternsAllMatches() {
        assertThat(FileSelection.of(null, " ").matches(".git/config")).isTrue();
        assertThat(FileSelection.ALL.takesEmptyDirectories()).isTrue();
        assertThat(FileSelection.of("*", null).takesEmptyDirectories()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "node_modules/**, node_modules, true",
        "node_modules/, node_modules, true",
        "**/node_modules/**, a/node_modules, true",
        "node_modules/*, node_modules, false",
        "**/*.js, node_modules, false",
        "a/**/b, a, false"
    })
    void directoryOfWhichNothingCanMatchIsNotLookedInto(String excludes, String directory, boolean skipped) {
        assertThat(FileSelection.of("", excludes).excludesAllBelow(directory)).isEqualTo(skipped);
    }

    @Test
    @Timeout(20)
    void patternOfManyAsterisksTakesNoTime() {
        char[] name = new char[200];
        Arrays.fill(name, 'a');
        assertThat(FileSelection.of("*a*a*a*a*a*a*a*a*a*a*a*a*b", "").matches(new String(name)))
                .isFalse();
    }

    @Test
    @Timeout(20)
    void patternOfManyDirectoriesTakesNoTime() {
        String deep = "a/".repeat(500) + "c";
        assertThat(FileSelection.of("**/a/".repeat(12) + "b", "").matches(deep)).isFalse();
        assertThat(FileSelection.of("**/a/".repeat(12) + "c", "").matches(deep)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a//b", "/a", "a/", ".", "..", "a/../b", "./a", "a\\..\\..\\b", "a\0", "a\uFFFD"})
    void pathThatMayLeadOutIsNotSafe(String path) {
        assertThat(RelativePath.isSafe(path)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a/b", "...", "..a", "a..", ".git", "dev-disk-by\\x2duuid.swap", "-rf", "a b", "ü"})
    void otherPathsAre(String path) {
        assertThat(RelativePath.isSafe(path)).isTrue();
    }
}
