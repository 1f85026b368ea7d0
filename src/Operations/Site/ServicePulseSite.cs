using ServiceDefaults;

namespace Operations.Site;

/// <summary>Serves the static pages of ServicePulse, pointed at Operations: <c>--servicepulse FOLDER</c>.</summary>
internal static class ServicePulseSite
{
    private const string Option = "servicepulse";

    public static bool IsAskedFor(string[] args) =>
        args.Any(arg => arg == $"--{Option}" || arg.StartsWith($"--{Option}="));

    /// <summary>Puts the site together; running it is the caller's.</summary>
    /// <exception cref="DirectoryNotFoundException">The folder has no pages of ServicePulse.</exception>
    public static WebApplication Create(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults();
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapServicePulse(
            app.Configuration[Option] ?? "",
            new Uri(app.Configuration["services:operations:http:0"] ?? "http://localhost:33333"));
        return app;
    }
}
