using Portable.Hosting.ApplicationModel;

namespace Portable.Hosting.Running;

/// <summary>Resolves the variables and arguments that were described for a resource.</summary>
internal static class ProcessEnvironment
{
    /// <summary>Variables by name; a value that does not exist leaves its variable out.</summary>
    public static async Task<Dictionary<string, string?>> Variables(
        IResource resource, DistributedApplicationExecutionContext execution, CancellationToken cancellationToken)
    {
        var context = new EnvironmentCallbackContext(execution, resource, null, cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>().ToList())
            await annotation.Callback(context);
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            if (endpoint is { TargetPortEnvironmentVariable: { } variable, AllocatedEndpoint: { } allocated })
                context.EnvironmentVariables.TryAdd(variable, allocated.Port);
        }
        var variables = new Dictionary<string, string?>();
        foreach (var (name, value) in context.EnvironmentVariables)
        {
            if (await Resolve(value, cancellationToken) is { } text) variables[name] = text;
        }
        return variables;
    }

    public static async Task<List<string>> Arguments(IResource resource, CancellationToken cancellationToken)
    {
        var context = new CommandLineArgsCallbackContext([], resource, cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>().ToList())
            await annotation.Callback(context);
        var arguments = new List<string>();
        foreach (var argument in context.Args)
        {
            if (await Resolve(argument, cancellationToken) is { } text) arguments.Add(text);
        }
        return arguments;
    }

    private static async ValueTask<string?> Resolve(object value, CancellationToken cancellationToken) => value switch
    {
        IResourceBuilder<IResource> { Resource: IValueProvider provider } => await provider.GetValueAsync(cancellationToken),
        IValueProvider provider => await provider.GetValueAsync(cancellationToken),
        IFormattable formattable => formattable.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };
}
