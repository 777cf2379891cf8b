package io.weir.app.command;

import picocli.CommandLine.IVersionProvider;

/** The program's version as the build recorded it. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {
            "weir " + number(),
            "on Java " + Runtime.version() + ", " + System.getProperty("os.name")
        };
    }

    static String number() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "(unpackaged)" : version;
    }
}
