using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Portable.Hosting.ApplicationModel;

/// <summary>A text with holes for values that are known only when the application runs.</summary>
public class ReferenceExpression : IManifestExpressionProvider, IValueProvider, IValueWithReferences
{
    /// <summary>The empty text.</summary>
    public static readonly ReferenceExpression Empty = new("", [], []);

    private readonly string?[] formats;

    private ReferenceExpression(string format, IValueProvider[] valueProviders, string?[] stringFormats)
    {
        Format = format;
        ValueProviders = valueProviders;
        formats = stringFormats;
    }

    /// <summary>The text with numbered holes, as <see cref="string.Format(string, object[])"/> takes it.</summary>
    public string Format { get; }

    /// <summary>What fills the holes.</summary>
    public IReadOnlyList<IValueProvider> ValueProviders { get; }

    /// <inheritdoc />
    public string ValueExpression => string.Format(
        CultureInfo.InvariantCulture, Format,
        [.. ValueProviders.Select(provider => (provider as IManifestExpressionProvider)?.ValueExpression)]);

    IEnumerable<object> IValueWithReferences.References => ValueProviders;

    /// <summary>An expression from an interpolated string.</summary>
    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) =>
        handler.Expression();

    /// <inheritdoc />
    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        if (Format.Length == 0) return null;
        var values = new object?[ValueProviders.Count];
        for (var hole = 0; hole < values.Length; hole++)
        {
            var value = await ValueProviders[hole].GetValueAsync(cancellationToken);
            values[hole] = formats[hole] == "uri" ? Uri.EscapeDataString(value ?? "") : value;
        }
        return string.Format(CultureInfo.InvariantCulture, Format, values);
    }

    /// <summary>Takes an interpolated string apart.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct ExpressionInterpolatedStringHandler(int literalLength, int formattedCount)
    {
        private readonly StringBuilder text = new(literalLength);
        private readonly List<IValueProvider> providers = new(formattedCount);
        private readonly List<string?> formats = new(formattedCount);

        public readonly void AppendLiteral(string value) => text.Append(value.Replace("{", "{{").Replace("}", "}}"));

        public readonly void AppendFormatted(string? value) => AppendLiteral(value ?? "");

        public readonly void AppendFormatted(string? value, string? format) =>
            AppendLiteral(format == "uri" ? Uri.EscapeDataString(value ?? "") : value ?? "");

        public readonly void AppendFormatted<T>(T valueProvider) where T : IValueProvider, IManifestExpressionProvider =>
            AppendFormatted(valueProvider, null);

        public readonly void AppendFormatted<T>(T valueProvider, string? format)
            where T : IValueProvider, IManifestExpressionProvider
        {
            text.Append(CultureInfo.InvariantCulture, $"{{{providers.Count}}}");
            providers.Add(valueProvider);
            formats.Add(format);
        }

        public readonly void AppendFormatted<T>(IResourceBuilder<T> valueProvider)
            where T : IResource, IValueProvider, IManifestExpressionProvider =>
            AppendFormatted(valueProvider.Resource, null);

        internal ReferenceExpression Expression() => new(text.ToString(), [.. providers], [.. formats]);
    }
}
