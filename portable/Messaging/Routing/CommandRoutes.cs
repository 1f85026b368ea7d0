using System.Collections.Concurrent;
using System.Reflection;

namespace Portable.Messaging.Routing;

/// <summary>Which endpoint each command type goes to.</summary>
internal sealed class CommandRoutes
{
    private readonly Dictionary<Type, string> byType = [];
    private readonly Dictionary<(Assembly, string), string> byNamespace = [];
    private readonly Dictionary<Assembly, string> byAssembly = [];
    private readonly ConcurrentDictionary<Type, string?> resolved = [];

    public void Add(Type type, string destination) => byType[type] = destination;

    public void Add(Assembly assembly, string? @namespace, string destination)
    {
        if (@namespace is null)
        {
            byAssembly[assembly] = destination;
        }
        else
        {
            byNamespace[(assembly, @namespace)] = destination;
        }
    }

    /// <exception cref="InvalidOperationException">No route leads anywhere.</exception>
    public string DestinationOf(Type type) => resolved.GetOrAdd(type, Resolve) ?? throw new InvalidOperationException(
        $"No destination is configured for message type '{type.FullName}'. Route it with "
        + $"RouteToEndpoint(typeof({type.Name}), \"…\") on the transport's routing settings, or name one with "
        + "SendOptions.SetDestination.");

    private string? Resolve(Type type) =>
        byType.TryGetValue(type, out var destination)
            || byNamespace.TryGetValue((type.Assembly, type.Namespace ?? ""), out destination)
            || byAssembly.TryGetValue(type.Assembly, out destination)
                ? destination
                : null;
}
