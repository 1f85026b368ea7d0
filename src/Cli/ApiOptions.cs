using System.CommandLine;

namespace Cli;

/// <summary>Where the APIs are and whose data is meant: the options that every client command shares.</summary>
internal sealed class ApiOptions
{
    private readonly Option<Uri> commandApi = Url("--command-api", "command-api", "http://localhost:5100");
    private readonly Option<Uri> queryApi = Url("--query-api", "query-api", "http://localhost:5200");

    private readonly Option<string> tenant = new("--tenant")
    {
        Description = "The tenant to work for.",
        DefaultValueFactory = _ => "demo",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(commandApi);
        command.Options.Add(queryApi);
        command.Options.Add(tenant);
    }

    public Uri CommandApi(ParseResult parsed) => parsed.GetRequiredValue(commandApi);

    public Uri QueryApi(ParseResult parsed) => parsed.GetRequiredValue(queryApi);

    public string Tenant(ParseResult parsed) => parsed.GetRequiredValue(tenant);

    /// <summary>The app host names the APIs in the environment; outside it the development ports hold.</summary>
    private static Option<Uri> Url(string name, string resource, string otherwise) => new(name)
    {
        Description = $"Address of the {resource} (else services__{resource}__http__0, else {otherwise}).",
        DefaultValueFactory = _ =>
            new Uri(Environment.GetEnvironmentVariable($"services__{resource}__http__0") ?? otherwise),
        CustomParser = result => Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url)
            ? url
            : Refuse(result, $"{name} takes an address such as {otherwise}, was '{result.Tokens[0].Value}'"),
    };

    private static Uri Refuse(System.CommandLine.Parsing.ArgumentResult result, string message)
    {
        result.AddError(message);
        return new Uri("http://localhost");
    }
}
