namespace Portable.Messaging;

/// <summary>Handlers named one by one, beside or instead of those found by scanning.</summary>
public static class MessageHandlerRegistrationExtensions
{
    /// <summary>Adds a handler; handlers added run in the order of their addition, before those found by
    /// scanning.</summary>
    public static void AddHandler<THandler>(this EndpointConfiguration config)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (!config.Handlers.Contains(typeof(THandler)))
        {
            config.Handlers.Add(typeof(THandler));
        }
    }
}

/// <summary>Sagas named one by one.</summary>
public static class SagaRegistrationExtensions
{
    public static void AddSaga<TSaga>(this EndpointConfiguration config)
        where TSaga : Saga, IHandleMessages
    {
        ArgumentNullException.ThrowIfNull(config);
        if (!config.Sagas.Contains(typeof(TSaga)))
        {
            config.Sagas.Add(typeof(TSaga));
        }
    }
}

/// <summary>The search for handlers and sagas.</summary>
public static class AssemblyScannerConfigurationExtensions
{
    public static AssemblyScannerConfiguration AssemblyScanner(this EndpointConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return configuration.Scanner;
    }
}

/// <summary>Which assemblies are searched for handlers and sagas: by default all in the application's folder that
/// refer to the messaging library.</summary>
public class AssemblyScannerConfiguration
{
    internal List<string> ExcludedAssemblies { get; } = [];

    internal List<Type> ExcludedTypes { get; } = [];

    /// <summary>True to search nothing: handlers and sagas are then named with <c>AddHandler</c> and
    /// <c>AddSaga</c>.</summary>
    public bool Disable { get; set; }

    public void ExcludeAssemblies(params string[] assemblies) => ExcludedAssemblies.AddRange(assemblies);

    public void ExcludeTypes(params Type[] types) => ExcludedTypes.AddRange(types);
}
