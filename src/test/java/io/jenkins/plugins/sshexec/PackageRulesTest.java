package io.jenkins.plugins.sshexec;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the table of docs/architecture.md: which package may import which. */
class PackageRulesTest {

    private static final String ROOT = "io.jenkins.plugins.sshexec";

    /** Each package of the plugin, with the packages of the plugin that it may import. */
    private static final Map<String, Set<String>> MAY_IMPORT = Map.ofEntries(
            Map.entry("step", Set.of("call", "form", "core.time")),
            Map.entry("freestyle", Set.of("call", "form", "core.time")),
            Map.entry("form", Set.of("call", "credentials")),
            Map.entry(
                    "call",
                    Set.of(
                            "credentials",
                            "config",
                            "hosts",
                            "lifecycle",
                            "workspace",
                            "core.model",
                            "core.error",
                            "core.time",
                            "core.transport",
                            "core.exec",
                            "core.transfer",
                            "core.durable",
                            "core.launch")),
            Map.entry("workspace", Set.of("core.transfer")),
            Map.entry("credentials", Set.of("core.model")),
            Map.entry("hostkey", Set.of("core.model")),
            Map.entry("hosts", Set.of("credentials", "hostkey", "core.model")),
            Map.entry("config", Set.of("hosts", "hostkey", "core.model")),
            Map.entry(
                    "lifecycle",
                    Set.of(
                            "config",
                            "core.model",
                            "core.error",
                            "core.time",
                            "core.transport",
                            "core.transport.jsch",
                            "core.pool",
                            "core.exec",
                            "core.transfer",
                            "core.durable",
                            "core.launch")),
            Map.entry("management", Set.of("lifecycle", "core.pool", "core.model", "core.transport")),
            Map.entry("metrics", Set.of("lifecycle", "core.pool", "core.time")),
            Map.entry("core.model", Set.of()),
            Map.entry("core.time", Set.of()),
            Map.entry("core.error", Set.of("core.model")),
            Map.entry("core.transport", Set.of("core.model", "core.error", "core.time")),
            Map.entry("core.transport.jsch", Set.of("core.transport", "core.model", "core.error", "core.time")),
            Map.entry("core.pool", Set.of("core.transport", "core.model", "core.error", "core.time")),
            Map.entry("core.transfer", Set.of("core.pool", "core.transport", "core.model", "core.error", "core.time")),
            Map.entry("core.durable", Set.of("core.exec", "core.transport", "core.model", "core.error", "core.time")),
            Map.entry("core.launch", Set.of("core.exec", "core.transport", "core.model", "core.error", "core.time")),
            Map.entry("core.exec", Set.of("core.pool", "core.transport", "core.model", "core.error", "core.time")));

    private static final JavaClasses PLUGIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            // The other build of the same sources has a package of its own, which is no part of the plugin.
            .withImportOption(location -> !location.contains(ROOT.replace('.', '/') + "/standalone/"))
            .importPackages(ROOT);

    @Test
    void everyPackageHasARule() {
        assertThat(PLUGIN.getPackage(ROOT).getSubpackagesInTree().stream()
                        .filter(found -> !found.getClasses().isEmpty())
                        .map(JavaPackage::getName))
                .containsExactlyInAnyOrderElementsOf(
                        MAY_IMPORT.keySet().stream().map(PackageRulesTest::full).toList());
    }

    @TestFactory
    Stream<DynamicTest> packagesImportOnlyWhatTheyMay() {
        return MAY_IMPORT.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(rule -> DynamicTest.dynamicTest(rule.getKey(), () -> {
                    String[] allowed = Stream.concat(Stream.of(rule.getKey()), rule.getValue().stream())
                            .map(PackageRulesTest::full)
                            .toArray(String[]::new);
                    noClasses()
                            .that()
                            .resideInAPackage(full(rule.getKey()))
                            .should()
                            .dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(resideInAnyPackage(allowed))))
                            .because("it may import only " + Arrays.toString(allowed))
                            .check(PLUGIN);
                }));
    }

    @Test
    void theCoreIsPlainJava() {
        noClasses()
                .that()
                .resideInAPackage(full("core.."))
                .should()
                .dependOnClassesThat(not(resideInAnyPackage(
                        "java..", "javax.crypto..", "com.jcraft.jsch..", "org.apache.commons.pool2..", full("core.."))))
                .check(PLUGIN);
    }

    @Test
    void jschIsSeenByItsTransportAlone() {
        classes()
                .that(resideInAPackage(ROOT + "..").and(not(resideInAPackage(full("core.transport.jsch")))))
                .should()
                .onlyDependOnClassesThat(not(resideInAPackage("com.jcraft..")))
                .check(PLUGIN);
    }

    @Test
    void commonsPoolIsSeenByTwoClasses() {
        Set<String> users = PLUGIN.stream()
                .filter(type -> type.getDirectDependenciesFromSelf().stream()
                        .anyMatch(dependency ->
                                dependency.getTargetClass().getPackageName().startsWith("org.apache.commons.pool2")))
                .map(type -> type.getName().replaceFirst("\\$.*", ""))
                .collect(Collectors.toSet());
        assertThat(users).containsExactlyInAnyOrder(full("core.pool.SessionStore"), full("core.pool.SessionLifecycle"));
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(PLUGIN);
    }

    private static String full(String name) {
        return ROOT + "." + name;
    }
}
