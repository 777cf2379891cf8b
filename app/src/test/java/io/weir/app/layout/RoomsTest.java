package io.weir.app.layout;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The layout of the program: which room may know which. */
@AnalyzeClasses(packages = "io.weir", importOptions = DoNotIncludeTests.class)
class RoomsTest {

    private static final String[] CORE = {
        "io.weir.resource..",
        "io.weir.config..",
        "io.weir.routing..",
        "io.weir.split..",
        "io.weir.body..",
        "io.weir.model..",
        "io.weir.limit..",
        "io.weir.picker..",
        "io.weir.telemetry.."
    };

    @ArchTest
    static final ArchRule coreKnowsNoNetworkLibraryAndNoCommandLine =
            noClasses()
                    .that()
                    .resideInAnyPackage(CORE)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.netty..",
                            "io.grpc..",
                            "io.fabric8..",
                            "picocli..",
                            "ch.qos.logback..",
                            "com.sun.net.httpserver..");

    @ArchTest
    static final ArchRule coreKnowsNoOtherModule =
            noClasses()
                    .that()
                    .resideInAnyPackage(CORE)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.weir.proxy..",
                            "io.weir.extproc..",
                            "io.weir.kubernetes..",
                            "io.weir.simulator..",
                            "io.weir.app..",
                            "io.weir.bench..");

    @ArchTest
    static final ArchRule pickerKnowsNothingOfHowRequestsArrive =
            noClasses()
                    .that()
                    .resideInAPackage("io.weir.picker..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.weir.proxy..",
                            "io.weir.routing..",
                            "io.weir.config..",
                            "io.weir.telemetry..");

    @ArchTest
    static final ArchRule proxyKnowsNothingOfScoringOrOfManifests =
            noClasses()
                    .that()
                    .resideInAPackage("io.weir.proxy..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.weir.simulator..",
                            "io.weir.app..",
                            "com.fasterxml.jackson.databind..",
                            "org.yaml..");

    @ArchTest
    static final ArchRule simulatorKnowsNothingOfTheGateway =
            noClasses()
                    .that()
                    .resideInAPackage("io.weir.simulator..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.weir.proxy..",
                            "io.weir.config..",
                            "io.weir.routing..",
                            "io.weir.picker..",
                            "io.weir.app..");

    @ArchTest
    static final ArchRule openTelemetryIsLoadedForTracesOnly =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("io.weir.app.tracing..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.opentelemetry..");

    @ArchTest
    static final ArchRule packagesOfCoreHaveNoCycles =
            slices().matching("io.weir.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule nothingIsStaticAndMutable =
            fields().that()
                    .areStatic()
                    .and()
                    .areDeclaredInClassesThat()
                    .resideInAPackage("io.weir..")
                    .should()
                    .beFinal();
}
