package io.jenkins.plugins.sshexec;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.stapler.verb.POST;

/** What holds for every method that Stapler finds by its name, and for every page. */
class WebMethodRulesTest {

    private static final JavaClasses PLUGIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("/sshexec/standalone/"))
            .importPackages("io.jenkins.plugins.sshexec");

    /** {@code doSomething}, which answers to {@code .../something}. {@code doRun} is that of a periodic work. */
    private static final DescribedPredicate<JavaMethod> FOUND_BY_STAPLER = describe(
            "are found by Stapler",
            method -> method.getName().matches("do[A-Z].*") && !method.getName().equals("doRun"));

    @Test
    void webMethodsAnswerToPostAloneAndAreNoApi() {
        List<JavaMethod> found = PLUGIN.stream()
                .flatMap(type -> type.getMethods().stream())
                .filter(FOUND_BY_STAPLER)
                .toList();
        assertThat(found)
                .hasSizeGreaterThan(15)
                .allMatch(method -> method.isAnnotatedWith(POST.class))
                .allMatch(method -> method.isAnnotatedWith(Restricted.class)
                        || method.getOwner().isAnnotatedWith(Restricted.class));
    }

    /** What a Content-Security-Policy without {@code unsafe-inline} forbids. */
    @Test
    void pagesEscapeAndHaveNoInlineScript() throws IOException {
        Path resources = Stream.of("src/main/resources", "../src/main/resources")
                .map(Path::of)
                .filter(path -> Files.isDirectory(path.resolve("io/jenkins/plugins/sshexec")))
                .findFirst()
                .orElseThrow();
        List<Path> pages;
        try (Stream<Path> files = Files.walk(resources)) {
            pages = files.filter(file -> file.toString().matches(".*\\.(jelly|html)"))
                    .toList();
        }
        assertThat(pages).hasSizeGreaterThan(20);
        for (Path page : pages) {
            String text = Files.readString(page, StandardCharsets.UTF_8);
            if (page.toString().endsWith(".jelly")) {
                assertThat(text).as("%s", page).startsWith("<?jelly escape-by-default='true'?>");
            }
            assertThat(text.replaceAll("<script[^>]* src=\"[^\"]+\"[^>]*/?>", ""))
                    .as("%s", page)
                    .doesNotContainIgnoringCase("<script", "javascript:", "<j:out")
                    .doesNotContainPattern("(?i)\\son[a-z]+=\"")
                    .doesNotContainPattern("(?i)\\sstyle=\"");
        }
    }
}
