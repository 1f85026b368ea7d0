using System.Collections.Frozen;
using FluentValidation.Results;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Portable.Endpoints;

/// <summary>
/// Makes a request object: from the JSON body if there is one, then route values, query and headers over it, by
/// property
/// name without regard to case. Everything about the type is worked out once; requests run compiled code.
/// </summary>
/// <remarks>The default binder reads all places; the constructor with sources only those.</remarks>
public class RequestBinder<TRequest>(BindingSource enabledSources) : IConfiguredBinder where TRequest : notnull
{
    private const BindingSource Everywhere =
        BindingSource.JsonBody | BindingSource.RouteValues | BindingSource.QueryParams | BindingSource.Headers;

    private readonly Func<object> create = BoundType.FactoryOf(typeof(TRequest));
    private Config config = null!;
    private FrozenDictionary<string, BoundProperty> named = FrozenDictionary<string, BoundProperty>.Empty;
    private BoundProperty[] headers = [];
    private BoundProperty[] required = [];

    /// <summary>Reads all places.</summary>
    public RequestBinder() : this(Everywhere) { }

    void IConfiguredBinder.Use(Config settings)
    {
        config = settings;
        if (typeof(TRequest) == typeof(EmptyRequest))
            return;
        var properties = BoundType.PropertiesOf(typeof(TRequest), settings);
        named = properties
            .Where(property => property.Parse is not null && !property.HeaderIsRequired)
            .ToFrozenDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);
        headers = [.. properties.Where(property => property.Header is not null && property.Parse is not null)];
        required = [.. properties.Where(property => property.IsRequired)];
    }

    internal async ValueTask<TRequest> BindAsync(
        HttpContext context, List<ValidationFailure> failures, CancellationToken ct)
    {
        var request = await ReadBody(context.Request, ct);
        if (enabledSources.HasFlag(BindingSource.RouteValues))
        {
            foreach (var (name, value) in context.Request.RouteValues)
                Bind(request, name, value?.ToString(), Source.RouteParam, failures);
        }

        if (enabledSources.HasFlag(BindingSource.QueryParams))
        {
            foreach (var (name, value) in context.Request.Query)
                Bind(request, name, value, Source.QueryParam, failures);
        }

        if (enabledSources.HasFlag(BindingSource.Headers))
            BindHeaders(request, context.Request, failures);
        foreach (var property in required)
        {
            if (!context.Request.Query.ContainsKey(property.Name)
                && !context.Request.RouteValues.ContainsKey(property.Name))
                failures.Add(new ValidationFailure(property.Name, "A value is required!"));
        }

        return failures.Count == 0
            ? request
            : throw new ValidationFailureException(failures, "The request does not bind");
    }

    private async ValueTask<TRequest> ReadBody(HttpRequest request, CancellationToken ct)
    {
        if (typeof(TRequest) == typeof(EmptyRequest)
            || !enabledSources.HasFlag(BindingSource.JsonBody) || !request.HasJsonContentType())
            return (TRequest)create();
        var body = await request.ReadFromJsonAsync(typeof(TRequest), config.Serializer.Options, ct);
        return (TRequest)(body ?? create());
    }

    private void Bind(
        TRequest request, string name, StringValues value, Source source, List<ValidationFailure> failures)
    {
        if (!named.TryGetValue(name, out var property) || property.Disabled.HasFlag(source))
            return;
        if (property.Parse!(value, out var parsed))
            property.Set(request, parsed);
        else if (!(property.IsNullable && value.ToString().Length == 0))
            failures.Add(new ValidationFailure(name, config.Binding.FailureMessage(property.Type, name, value)));
        else if (!config.Binding.UseDefaultValuesForNullableProps)
            property.Set(request, null);
    }

    private void BindHeaders(TRequest request, HttpRequest http, List<ValidationFailure> failures)
    {
        foreach (var property in headers)
        {
            if (!http.Headers.TryGetValue(property.Header!, out var value))
            {
                if (property.HeaderIsRequired)
                    failures.Add(new ValidationFailure(property.Header, "This header is missing from the request!"));
            }
            else if (property.Parse!(value, out var parsed))
            {
                property.Set(request, parsed);
            }
            else
            {
                failures.Add(new ValidationFailure(
                    property.Header, config.Binding.FailureMessage(property.Type, property.Header!, value)));
            }
        }
    }
}

/// <summary>A binder before it knows the application's settings.</summary>
internal interface IConfiguredBinder
{
    /// <summary>Called once, before the first request.</summary>
    void Use(Config settings);
}
