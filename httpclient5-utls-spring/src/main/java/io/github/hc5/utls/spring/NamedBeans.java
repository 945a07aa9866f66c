package io.github.hc5.utls.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.EnvironmentAware;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Registers beans for each named pool. They are injected where the pool's name is asked for as a qualifier, and nowhere
 * else, so that they do not stand in the way of the default pool's, or of Boot's conditions.
 */
abstract class NamedBeans implements ImportBeanDefinitionRegistrar, EnvironmentAware {

    private @Nullable Environment environment;

    @Override
    public final void setEnvironment(Environment value) {
        environment = value;
    }

    @Override
    public final void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
        if (environment != null) {
            for (String pool : PoolProperties.of(environment).named()) {
                register(pool, registry);
            }
        }
    }

    /** Registers the beans of one pool. */
    abstract void register(String pool, BeanDefinitionRegistry registry);

    /**
     * Registers a bean.
     *
     * @param suffix what comes behind the pool's name in the bean's
     * @param factory the bean that makes it
     * @param method of the factory, which takes the pool's name
     */
    static void add(
            BeanDefinitionRegistry registry, String pool, String suffix, Class<?> type, String factory, String method) {
        add(registry, pool, suffix, type, factory, method, BeanDefinition.SCOPE_SINGLETON);
    }

    static void add(
            BeanDefinitionRegistry registry,
            String pool,
            String suffix,
            Class<?> type,
            String factory,
            String method,
            String scope) {
        RootBeanDefinition definition = new RootBeanDefinition(type);
        definition.setFactoryBeanName(factory);
        definition.setFactoryMethodName(method);
        definition.getConstructorArgumentValues().addIndexedArgumentValue(0, pool);
        definition.setDefaultCandidate(false);
        definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, pool));
        definition.setScope(scope);
        definition.setLazyInit(true);
        // the pool is closed with the context, and what is on it closes nothing
        definition.setDestroyMethodName("");
        registry.registerBeanDefinition(pool + suffix, definition);
    }
}
