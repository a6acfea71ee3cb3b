package org.emrexhub.transfer;

import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who calls the API.
 *
 * @param name of the client or person, as the credentials say
 * @param institution whose transfers the caller may see
 * @param roles what the caller may do
 */
public record Caller(String name, String institution, Set<Role> roles) {

    /** The roles of CONTRACT. */
    public enum Role {
        CLIENT,
        OPERATOR,
        OFFICER,
        INTEGRATOR,
        ADMIN
    }

    /**
     * The same caller with those roles alone that admit to a call: what another role may see of other institutions is
     * not seen by this call.
     */
    public Caller within(Set<Role> admitted) {
        return new Caller(
                name, institution, roles.stream().filter(admitted::contains).collect(Collectors.toUnmodifiableSet()));
    }

    /** How an event names this caller: {@code operator:<name>} for whoever operates, else {@code client:<name>}. */
    public String actor() {
        if (roles.contains(Role.OPERATOR) || roles.contains(Role.ADMIN)) {
            return "operator:" + name;
        }
        return (roles.contains(Role.OFFICER) ? "officer:" : "client:") + name;
    }

    /** Whether the caller sees the transfers of every institution, not its own alone: operators, integrators, admins. */
    public boolean seesAll() {
        return roles.contains(Role.OPERATOR) || roles.contains(Role.INTEGRATOR) || roles.contains(Role.ADMIN);
    }
}
