using System.Reflection;
using FluentValidation;

namespace Portable.Endpoints;

/// <summary>Finds endpoint classes and the validators of their requests.</summary>
internal static class EndpointDiscovery
{
    private static readonly string[] Foreign =
    [
        "Microsoft.", "System.", "FluentValidation", "Npgsql", "StackExchange.", "netstandard", "mscorlib", "xunit",
        "testhost",
    ];

    /// <exception cref="InvalidOperationException">There is no endpoint, or one is put together wrongly.</exception>
    public static IReadOnlyList<EndpointDefinition> Find(EndpointDiscoveryOptions options)
    {
        var types = Assemblies(options)
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type is { IsAbstract: false, IsGenericTypeDefinition: false }
                && !type.IsDefined(typeof(DontRegisterAttribute))
                && (options.Filter is null || options.Filter(type)))
            .ToList();
        var validators = types
            .Where(type => type.IsAssignableTo(typeof(IEndpointValidator)))
            .ToLookup(type => ArgumentsOf(type, typeof(AbstractValidator<>))[0]);
        var endpoints = types
            .Where(type => type.IsAssignableTo(typeof(BaseEndpoint)))
            .Select(type => Define(type, validators))
            .ToList();
        return endpoints.Count > 0
            ? endpoints
            : throw new InvalidOperationException("No endpoint was found: derive a class from Endpoint<,>.");
    }

    private static IEnumerable<Assembly> Assemblies(EndpointDiscoveryOptions options)
    {
        var given = options.Assemblies ?? [];
        if (options.DisableAutoDiscovery)
            return given;
        var loaded = AppDomain.CurrentDomain.GetAssemblies().Where(assembly =>
            !assembly.IsDynamic
            && !Foreign.Any(prefix => assembly.FullName!.StartsWith(prefix, StringComparison.Ordinal)));
        return given.Union(loaded);
    }

    private static EndpointDefinition Define(Type type, ILookup<Type, Type> validators)
    {
        var arguments = ArgumentsOf(type, typeof(Endpoint<,>));
        var handles = Overrides(type, nameof(Endpoint<>.HandleAsync));
        var executes = Overrides(type, nameof(Endpoint<>.ExecuteAsync));
        if (!Overrides(type, nameof(BaseEndpoint.Configure)))
            throw new InvalidOperationException($"{type.FullName} must override Configure() to say where it listens.");
        if (handles == executes)
            throw new InvalidOperationException($"{type.FullName} must override one of HandleAsync and ExecuteAsync.");
        var found = validators[arguments[0]].ToList();
        return new EndpointDefinition(type, arguments[0], arguments[1])
        {
            ExecuteAsyncImplemented = executes,
            // With several, the endpoint has to choose: Validator<TValidator>() in Configure().
            ValidatorType = found.Count == 1 ? found[0] : null,
        };
    }

    private static bool Overrides(Type type, string method) =>
        type.GetMethods(BindingFlags.Instance | BindingFlags.Public)
            .Where(candidate => candidate.Name == method)
            .Any(candidate => !candidate.IsDefined(typeof(NotImplementedAttribute), inherit: false));

    private static Type[] ArgumentsOf(Type type, Type generic)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current.IsGenericType && current.GetGenericTypeDefinition() == generic)
                return current.GetGenericArguments();
        }

        throw new InvalidOperationException($"{type.FullName} must derive from {generic.Name}.");
    }
}
