using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ServiceDefaults.Http.OpenApi;

/// <summary>The OpenAPI document and the page to read it on.</summary>
internal static class ApiDescriptionExtensions
{
    private const string Page = "/docs";

    public static void AddApiDescription(this IServiceCollection services, HttpApiOptions api) =>
        services.AddOpenApi("v1", openApi =>
        {
            openApi.AddDocumentTransformer((document, _, _) =>
            {
                document.Info.Title = api.Title;
                document.Info.Description = api.Description;
                document.Info.Version = "1";
                // The address is whatever the reader used; a proxy in front would make any other one wrong.
                document.Servers = [];
                return Task.CompletedTask;
            });
            openApi.AddOperationTransformer(new RequestParameters(api));
        });

    public static void MapApiDescription(this WebApplication app)
    {
        app.MapOpenApi();
        var page = Read();
        app.MapGet(Page, () => Results.Content(page, "text/html; charset=utf-8")).ExcludeFromDescription();
        app.MapGet("/", () => Results.Redirect(Page)).ExcludeFromDescription();
    }

    private static string Read()
    {
        const string name = "ServiceDefaults.Http.OpenApi.docs.html";
        using var stream = typeof(ApiDescriptionExtensions).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The page {name} is not embedded in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
