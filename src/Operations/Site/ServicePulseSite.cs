using Microsoft.Extensions.FileProviders;
using ServiceDefaults;

namespace Operations.Site;

/// <summary>Serves the static pages of ServicePulse, pointed at Operations: <c>--servicepulse FOLDER</c>.</summary>
internal static class ServicePulseSite
{
    private const string Option = "servicepulse";
    private const string Constants = "/js/app.constants.js";

    public static bool IsAskedFor(string[] args) =>
        args.Any(arg => arg == $"--{Option}" || arg.StartsWith($"--{Option}="));

    /// <summary>Puts the site together; running it is the caller's.</summary>
    /// <exception cref="DirectoryNotFoundException">The folder has no pages of ServicePulse.</exception>
    public static WebApplication Create(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults();
        var app = builder.Build();
        var folder = Path.GetFullPath(app.Configuration[Option] ?? "");
        if (!File.Exists(Path.Combine(folder, "index.html")))
        {
            throw new DirectoryNotFoundException(
                $"'{folder}' has no index.html: SERVICEPULSE_WWW must name the folder with the static files of "
                + "ServicePulse.");
        }

        app.MapDefaultEndpoints();
        app.MapGet(Constants, () => Results.Text(ConstantsFor(app.Configuration), "text/javascript"));
        var files = new PhysicalFileProvider(folder);
        // The constants are made here; those of the folder point elsewhere.
        app.UseWhen(
            context => context.Request.Path != Constants,
            pages => pages
                .UseDefaultFiles(new DefaultFilesOptions { FileProvider = files })
                .UseStaticFiles(new StaticFileOptions { FileProvider = files }));
        return app;
    }

    private static string ConstantsFor(IConfiguration configuration)
    {
        var operations = configuration["services:operations:http:0"] ?? "http://localhost:33333";
        return $$"""
            window.defaultConfig = {
              default_route: '/dashboard',
              version: '2.9.0',
              service_control_url: '{{operations.TrimEnd('/')}}/api/',
              monitoring_urls: ['{{operations.TrimEnd('/')}}/monitoring/'],
              showPendingRetry: true,
              isIntegrated: false,
            };

            """;
    }
}
