package org.emrexhub.cli;

import picocli.CommandLine.Command;

final class NewCommand {

    @Command(name = "new-register")
    static final class Register extends HubCommand {
        @Override
        public Integer call() {
            return 0;
        }
    }

    @Command(name = "new-sis")
    static final class Sis extends HubCommand {
        @Override
        public Integer call() {
            return 0;
        }
    }
}
