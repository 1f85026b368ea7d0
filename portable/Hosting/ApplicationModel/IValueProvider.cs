namespace Portable.Hosting.ApplicationModel;

/// <summary>
/// Something whose value is known only when the application runs: a port, a password, a connection string.
/// </summary>
public interface IValueProvider
{
    /// <summary>Waits until the value is known and returns it; null where there is none.</summary>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);

    /// <inheritdoc cref="GetValueAsync(CancellationToken)" />
    /// <param name="context">For whom the value is.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default) =>
        GetValueAsync(cancellationToken);
}

/// <summary>For whom a value is resolved.</summary>
public class ValueProviderContext
{
    /// <summary>How the application runs.</summary>
    public DistributedApplicationExecutionContext? ExecutionContext { get; init; }

    /// <summary>The resource that asks.</summary>
    public IResource? Caller { get; init; }
}

/// <summary>Something with a symbolic form, such as <c>{postgres.bindings.tcp.port}</c>.</summary>
public interface IManifestExpressionProvider
{
    /// <summary>The symbolic form.</summary>
    string ValueExpression { get; }
}

/// <summary>A value made of others.</summary>
public interface IValueWithReferences
{
    /// <summary>What it is made of: resources, endpoints, other expressions.</summary>
    IEnumerable<object> References { get; }
}
