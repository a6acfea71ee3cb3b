package org.emrexhub.pipeline;

import java.time.Clock;
import javax.sql.DataSource;
import net.javacrumbs.shedlock.core.LockProvider;
import net.javacrumbs.shedlock.provider.jdbctemplate.JdbcTemplateLockProvider;
import org.apache.camel.spring.spi.SpringTransactionPolicy;
import org.emrexhub.HubSettings;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.elmo.ElmoSchema;
import org.emrexhub.mapping.AnswerReader;
import org.emrexhub.mapping.Assembly;
import org.emrexhub.mapping.Attachment;
import org.emrexhub.mapping.RegisterMapping;
import org.emrexhub.mapping.SisMapping;
import org.emrexhub.mapping.Stylesheets;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.transaction.PlatformTransactionManager;

/** The beans that the pipeline stands on: the pure packages, the ledger's transaction, locks and the clock. */
@Configuration(proxyBeanMethods = false)
class PipelineConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    Stylesheets stylesheets(Catalog catalog, HubSettings settings) {
        return new Stylesheets(catalog.home(), settings.homeReload());
    }

    @Bean
    RegisterMapping registerMapping(Stylesheets stylesheets) {
        return new RegisterMapping(stylesheets);
    }

    @Bean
    AnswerReader answerReader(Stylesheets stylesheets) {
        return new AnswerReader(stylesheets);
    }

    @Bean
    SisMapping sisMapping(Stylesheets stylesheets) {
        return new SisMapping(stylesheets);
    }

    @Bean
    Assembly assembly(Stylesheets stylesheets) {
        return new Assembly(stylesheets);
    }

    @Bean
    Attachment attachment(Stylesheets stylesheets) {
        return new Attachment(stylesheets);
    }

    @Bean
    ElmoSchema elmoSchema(Catalog catalog) {
        return new ElmoSchema(catalog.home().resolve("mappings/elmo"));
    }

    /** The transaction of the outbox dispatcher's route. */
    @Bean
    SpringTransactionPolicy ledgerTransaction(PlatformTransactionManager transactions) {
        return new SpringTransactionPolicy(transactions);
    }

    @Bean
    LockProvider lockProvider(DataSource dataSource) {
        return new JdbcTemplateLockProvider(JdbcTemplateLockProvider.Configuration.builder()
                .withJdbcTemplate(new JdbcTemplate(dataSource))
                .usingDbTime()
                .build());
    }

    @Bean
    TaskScheduler taskScheduler() {
        ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
        // As many as there are tasks: some may hang with the database, and others watch over what hangs.
        scheduler.setPoolSize(8);
        scheduler.setThreadNamePrefix("schedule-");
        scheduler.setDaemon(true);
        return scheduler;
    }
}
