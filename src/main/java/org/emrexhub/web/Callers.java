package org.emrexhub.web;

import java.util.Optional;
import org.emrexhub.transfer.Caller;
import org.springframework.security.core.Authentication;

/** Tells from somebody's credentials who calls; nobody, if they do not say for which institution. */
@FunctionalInterface
interface Callers {

    Optional<Caller> of(Authentication authentication);
}
