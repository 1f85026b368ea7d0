namespace Portable.Hosting.ApplicationModel;

/// <summary>A value from outside, such as a password or a port.</summary>
/// <param name="name">Name; the value is configured as <c>Parameters:name</c>.</param>
/// <param name="callback">Finds the value when it is first needed.</param>
/// <param name="secret">Whether it stays out of dashboard and logs.</param>
public class ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false)
    : Resource(name), IManifestExpressionProvider, IValueProvider
{
    private readonly Lock reading = new();
    private string? value;

    public ParameterDefault? Default { get; set; }

    public bool Secret { get; } = secret;

    /// <summary>Words for the dashboard.</summary>
    public string? Description { get; set; }

    /// <inheritdoc />
    public string ValueExpression => $"{{{Name}.value}}";

    /// <inheritdoc />
    /// <exception cref="MissingParameterValueException">The value is neither configured nor has a default.</exception>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken)
    {
        lock (reading) return new(value ??= callback(Default));
    }
}

/// <summary>Makes the value of a parameter that is not configured.</summary>
public abstract class ParameterDefault
{
    public abstract string GetDefaultValue();
}

/// <summary>A random value of letters and digits.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    /// <summary>Length in characters.</summary>
    public int MinLength { get; set; } = 22;

    /// <inheritdoc />
    public override string GetDefaultValue() => System.Security.Cryptography.RandomNumberGenerator.GetString(
        "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", MinLength);
}
