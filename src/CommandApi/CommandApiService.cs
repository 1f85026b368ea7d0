using System.Reflection;
using System.Text.Json;
using CommandApi.Commands;
using CommandLog;
using FluentValidation.Results;
using Microsoft.AspNetCore.OpenApi;
using ServiceDefaults;
using ServiceDefaults.Http;

namespace CommandApi;

/// <summary>
/// The command API: checks the shape of a request, notes the command, sends it to <c>Commerce.Workflows</c> and
/// answers.
/// It never touches the event store.
/// </summary>
public static class CommandApiService
{
    private const string Database = "commerce";

    /// <summary>Puts the service together; running it is the caller's.</summary>
    public static WebApplication Create(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults();
        builder.AddDatabase(Database, DatabaseExtensions.ForShortStatements);
        builder.AddCommerceEndpoint("Commerce.CommandApi", endpoint => endpoint.SendOnly());
        builder.AddHttpApi(new HttpApiOptions
        {
            Title = "Commerce commands",
            Description = "Everything that changes something. A command is accepted and handled in its own time; "
                + "send Prefer: wait=N to be answered when it is done.",
            HeaderOf = property => property.GetCustomAttribute<FromHeaderAttribute>()?.HeaderName,
            IsOutsideBody = property => property.IsDefined(typeof(NonJsonBindingAttribute)),
        });
        builder.Services.Configure<OpenApiOptions>(
            "v1", openApi => openApi.AddOperationTransformer(CommandHeaders.Describe));
        builder.Services.AddCommandLog(Database);
        builder.Services.AddSingleton<CommandFlow>();
        builder.Services.AddFastEndpoints(discovery =>
        {
            discovery.Assemblies = [typeof(CommandApiService).Assembly];
            discovery.DisableAutoDiscovery = true;
        });

        var app = builder.Build();
        app.UseHttpApi();
        app.MapDefaultEndpoints();
        app.UseFastEndpoints(Configure);
        return app;
    }

    private static void Configure(Config config)
    {
        config.Endpoints.NameGenerator = context =>
            context.EndpointType.Name.Replace("Endpoint", "", StringComparison.Ordinal);
        // Everybody may ask here until bearer tokens arrive; HttpContext.Tenant() says for whom.
        config.Endpoints.Configurator = endpoint => endpoint.AllowAnonymous();
        config.Errors.ProducesMetadataType = typeof(HttpValidationProblemDetails);
        config.Errors.ResponseBuilder = (failures, context, status) => Problem.Invalid(
            context, status, failures.Select(failure => Explain(context, failure)));
        config.Binding.FailureMessage = (type, _, value) => $"must be {JsonWords.For(type)}, was {value}";
        config.Binding.JsonExceptionTransformer = exception =>
            new ValidationFailure("body", exception.Message) { CustomState = exception };
    }

    private static (string Field, string Message) Explain(HttpContext context, ValidationFailure failure) =>
        failure.CustomState is JsonException malformed
            ? JsonFault.Explain(context, malformed)
            : (failure.PropertyName, failure.ErrorMessage);
}
