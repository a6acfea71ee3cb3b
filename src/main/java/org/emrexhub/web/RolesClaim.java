package org.emrexhub.web;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.emrexhub.transfer.Caller;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.oauth2.jwt.Jwt;

/** The roles that a token gives its bearer; names that are no role of the hub are passed over. */
final class RolesClaim implements Converter<Jwt, Collection<GrantedAuthority>> {

    private final String claim;

    RolesClaim(String claim) {
        this.claim = claim;
    }

    @Override
    public Collection<GrantedAuthority> convert(Jwt token) {
        List<String> known =
                Arrays.stream(Caller.Role.values()).map(Caller.Role::name).toList();
        return names(token)
                .map(name -> name.toUpperCase(Locale.ROOT))
                .filter(known::contains)
                .distinct()
                .<GrantedAuthority>map(name -> new SimpleGrantedAuthority("ROLE_" + name))
                .toList();
    }

    private Stream<String> names(Jwt token) {
        Object value = Claims.find(token, claim);
        if (value instanceof Collection<?> list) {
            return list.stream().filter(String.class::isInstance).map(String.class::cast);
        }
        return value instanceof String text ? Arrays.stream(text.split("[ ,]+")) : Stream.empty();
    }
}
