using Microsoft.Extensions.FileProviders;

namespace Operations.Site;

/// <summary>The static files of ServicePulse, and where they are told to find Operations.</summary>
internal static class ServicePulsePages
{
    /// <summary>Where Operations serves them itself.</summary>
    public const string Path = "/servicepulse";

    private const string Constants = "/js/app.constants.js";

    /// <summary>
    /// Serves them below <see cref="Path"/> where <see cref="OperationsSettings.ServicePulseFolder"/> names them: of
    /// the same origin, so that the cookie of who has signed on goes with their calls.
    /// </summary>
    /// <exception cref="DirectoryNotFoundException">The folder has no pages of ServicePulse.</exception>
    public static void MapServicePulse(this WebApplication app, OperationsSettings settings)
    {
        if (settings.ServicePulseFolder is not { Length: > 0 } folder)
            return;
        var files = Open(folder);
        app.MapGet(Path + Constants, () => Results.Text(ConstantsFor(""), "text/javascript"));
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments(Path) && context.Request.Path != Path + Constants,
            pages => pages
                .UseDefaultFiles(new DefaultFilesOptions { FileProvider = files, RequestPath = Path })
                .UseStaticFiles(new StaticFileOptions { FileProvider = files, RequestPath = Path }));
    }

    /// <summary>Serves them at the root, pointed at Operations elsewhere.</summary>
    /// <exception cref="DirectoryNotFoundException">The folder has no pages of ServicePulse.</exception>
    public static void MapServicePulse(this WebApplication app, string folder, Uri operations)
    {
        var files = Open(folder);
        var constants = ConstantsFor(operations.ToString().TrimEnd('/'));
        app.MapGet(Constants, () => Results.Text(constants, "text/javascript"));
        // The constants are made here; those of the folder point elsewhere.
        app.UseWhen(
            context => context.Request.Path != Constants,
            pages => pages
                .UseDefaultFiles(new DefaultFilesOptions { FileProvider = files })
                .UseStaticFiles(new StaticFileOptions { FileProvider = files }));
    }

    private static PhysicalFileProvider Open(string folder)
    {
        var path = System.IO.Path.GetFullPath(folder);
        return File.Exists(System.IO.Path.Combine(path, "index.html"))
            ? new PhysicalFileProvider(path)
            : throw new DirectoryNotFoundException(
                $"'{path}' has no index.html: SERVICEPULSE_WWW must name the folder with the static files of "
                + "ServicePulse.");
    }

    private static string ConstantsFor(string operations) => $$"""
        window.defaultConfig = {
          default_route: '/dashboard',
          version: '2.9.0',
          service_control_url: '{{operations}}/api/',
          monitoring_urls: ['{{operations}}/monitoring/'],
          showPendingRetry: true,
          isIntegrated: false,
        };

        """;
}
