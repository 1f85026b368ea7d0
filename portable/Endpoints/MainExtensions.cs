using FluentValidation;
using FluentValidation.Internal;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace Portable.Endpoints;

/// <summary>Registers endpoint classes with an application.</summary>
public static class MainExtensions
{
    /// <summary>Finds endpoints and validators in the assemblies loaded.</summary>
    public static IServiceCollection AddFastEndpoints(this IServiceCollection services) =>
        services.AddFastEndpoints(_ => { });

    /// <summary>Finds endpoints and validators where the options say.</summary>
    /// <exception cref="InvalidOperationException">There is no endpoint, or one is put together wrongly.</exception>
    public static IServiceCollection AddFastEndpoints(
        this IServiceCollection services, Action<EndpointDiscoveryOptions>? options)
    {
        var discovery = new EndpointDiscoveryOptions();
        options?.Invoke(discovery);
        services.AddSingleton(new Endpoints(EndpointDiscovery.Find(discovery)));
        return services;
    }

    /// <summary>Maps every endpoint found.</summary>
    /// <exception cref="InvalidOperationException">An endpoint names no method or route, or two claim the
    /// same.</exception>
    public static IApplicationBuilder UseFastEndpoints(
        this IApplicationBuilder app, Action<Config>? configAction = null)
    {
        if (app is not IEndpointRouteBuilder routes)
            throw new InvalidCastException($"{app.GetType().Name} cannot map routes: use the WebApplication itself.");
        routes.MapFastEndpoints(configAction);
        return app;
    }

    /// <summary>Maps every endpoint found.</summary>
    public static IEndpointRouteBuilder MapFastEndpoints(
        this IEndpointRouteBuilder app, Action<Config>? configAction = null)
    {
        var config = new Config();
        config.Serializer.Options =
            new(app.ServiceProvider.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions);
        configAction?.Invoke(config);
        NameFieldsAsInJson(config);
        using var scope = app.ServiceProvider.CreateScope();
        HashSet<string> claimed = new(StringComparer.OrdinalIgnoreCase);
        foreach (var definition in app.ServiceProvider.GetRequiredService<Endpoints>().Found)
        {
            Configure(definition, config, scope.ServiceProvider);
            if (config.Endpoints.Filter?.Invoke(definition) is false)
                continue;
            config.Endpoints.Configurator?.Invoke(definition);
            definition.Lock(app.ServiceProvider);
            Map(app, definition, claimed);
        }

        return app;
    }

    private static void Configure(EndpointDefinition definition, Config config, IServiceProvider services)
    {
        definition.Config = config;
        var endpoint = (BaseEndpoint)definition.CreateEndpoint(services, null);
        endpoint.Definition = definition;
        endpoint.HttpContext = new DefaultHttpContext { RequestServices = services };
        endpoint.Configure();
        if (definition.Verbs.Length == 0 || definition.Routes.Length == 0)
            throw new InvalidOperationException($"{definition.EndpointType}: Configure() names no method or no route.");
    }

    private static void Map(IEndpointRouteBuilder app, EndpointDefinition definition, HashSet<string> claimed)
    {
        var options = definition.Config.Endpoints;
        for (var i = 0; i < definition.Routes.Length; i++)
        {
            var prefix = options.RoutePrefix?.Trim('/');
            var pattern = $"{(prefix is { Length: > 0 } ? $"/{prefix}" : "")}/{definition.Routes[i].TrimStart('/')}";
            foreach (var verb in definition.Verbs)
            {
                if (!claimed.Add($"{verb} {pattern}"))
                    throw new InvalidOperationException($"{definition.EndpointType}: {verb} {pattern} is taken.");
                var route = app.MapMethods(pattern, [verb], () => RequestHandler.Instance);
                route.WithName(options.NameGenerator(new(
                    definition.EndpointType,
                    definition.Verbs.Length > 1 ? verb : null,
                    definition.Routes.Length > 1 ? i + 1 : null,
                    definition.EndpointTags?.FirstOrDefault())
                {
                    ShortEndpointNames = options.IsShort,
                }));
                route.WithMetadata(definition);
                route.Describe(definition, pattern, verb);
                definition.UserConfiguration?.Invoke(route);
            }
        }
    }

    // The validation library has one resolver for the process, as in the original.
    private static void NameFieldsAsInJson(Config config)
    {
        if (!config.Validation.UsePropertyNamingPolicy
            || config.Serializer.Options.PropertyNamingPolicy is not { } naming)
            return;
        ValidatorOptions.Global.PropertyNameResolver = (_, member, expression) =>
        {
            if (member is null)
                return null;
            var chain = expression is null ? "" : PropertyChain.FromExpression(expression).ToString();
            return naming.ConvertName(chain.Length > 0 ? chain : member.Name);
        };
    }
}

/// <summary>The endpoint classes found, until they are mapped.</summary>
internal sealed record Endpoints(IReadOnlyList<EndpointDefinition> Found);
