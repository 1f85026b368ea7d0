using Portable.Hosting.ApplicationModel;

namespace Portable.Hosting;

/// <summary>Adds values from outside. Signatures and meaning are those of Aspire.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>A value that must be configured as <c>Parameters:name</c>.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.AddResource(new ParameterResource(
            name,
            fallback => builder.Configuration[$"Parameters:{name}"]
                ?? fallback?.GetDefaultValue()
                ?? throw new MissingParameterValueException(
                    $"The parameter '{name}' has no value: set it with --Parameters:{name}=VALUE or in appsettings.json."),
            secret));

    /// <summary>A value that is configured as <c>Parameters:name</c> or else as given.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder,
        string name,
        string value,
        bool publishValueAsDefault = false,
        bool secret = false) => builder.AddParameter(name, () => value, publishValueAsDefault, secret);

    /// <inheritdoc cref="AddParameter(IDistributedApplicationBuilder, string, string, bool, bool)" />
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder,
        string name,
        Func<string> valueGetter,
        bool publishValueAsDefault = false,
        bool secret = false) => builder.AddResource(new ParameterResource(
            name, _ => builder.Configuration[$"Parameters:{name}"] ?? valueGetter(), secret));

    /// <summary>
    /// A password that is configured as <c>Parameters:name</c>, or else generated: with data that is kept it is kept,
    /// too; without, it lives as long as the host.
    /// </summary>
    public static ParameterResource CreateDefaultPasswordParameter(
        IDistributedApplicationBuilder builder,
        string name,
        bool lower = true,
        bool upper = true,
        bool numeric = true,
        bool special = true,
        int minLower = 0,
        int minUpper = 0,
        int minNumeric = 0,
        int minSpecial = 0)
    {
        var secrets = ((DistributedApplicationBuilder)builder).Secrets;
        return new ParameterResource(
            name,
            fallback => builder.Configuration[$"Parameters:{name}"]
                ?? secrets.GetOrAdd(name, (fallback ?? new GenerateParameterDefault()).GetDefaultValue),
            secret: true)
        {
            Default = new GenerateParameterDefault(),
        };
    }
}
