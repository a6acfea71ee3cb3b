package org.emrexhub.demo;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the demo does by itself.
 *
 * @param firstTransfer whether it sends a transfer of its own when it has started, and tells about it
 * @param tlsPort port of the simulators that want a client certificate, on this machine; 0: a free one
 */
@ConfigurationProperties("emrexhub.demo")
record DemoSettings(
        @DefaultValue("true") boolean firstTransfer,
        @DefaultValue("0") int tlsPort) {}
