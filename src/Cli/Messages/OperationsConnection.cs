using System.CommandLine;
using System.Net.Http.Headers;
using Cli.Apis;

namespace Cli.Messages;

/// <summary>Where the failed messages are, and what is said when they cannot be had.</summary>
internal static class OperationsConnection
{
    private const string Development = "http://localhost:33333";
    private const string Key = "OPERATIONS_KEY";

    public static Option<Uri> Address { get; } = new("--operations")
    {
        Description =
            $"Address of Operations or ServiceControl (else services__operations__http__0, else {Development}).",
        DefaultValueFactory = _ =>
            new Uri(Environment.GetEnvironmentVariable("services__operations__http__0") ?? Development),
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url))
                return url;
            result.AddError($"--operations takes an address such as {Development}, was '{result.Tokens[0].Value}'");
            return new Uri(Development);
        },
    };

    /// <inheritdoc cref="Ask"/>
    public static Task<int> Run(
        ParseResult parsed, Func<FailedMessages, CancellationToken, Task<int>> work,
        CancellationToken cancellationToken) =>
        Ask(parsed, (http, token) => work(new FailedMessages(http), token), cancellationToken);

    /// <summary>Does the work; errors go to standard error with the way out, and into the exit code.</summary>
    public static async Task<int> Ask(
        ParseResult parsed, Func<HttpClient, CancellationToken, Task<int>> work, CancellationToken cancellationToken)
    {
        var service = parsed.GetRequiredValue(Address);
        using var http = HttpClients.For(new Uri(service, "/api/"), tenant: "operations");
        http.DefaultRequestHeaders.Add("Operator", $"{Environment.UserName}@{Environment.MachineName}");
        // Not an option: arguments are seen by everybody on the machine.
        if (Environment.GetEnvironmentVariable(Key) is { Length: > 0 } key)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Trim());
        try
        {
            return await work(http, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync(
                $"cqrs: {service} does not answer: {exception.Message}. Start it (dotnet run --project AppHost), or "
                + "say where it is: --operations URL.");
            return ExitCodes.Unavailable;
        }
        catch (InvalidDataException exception)
        {
            await Console.Error.WriteLineAsync($"cqrs: {exception.Message}");
            return ExitCodes.BadInput;
        }
    }
}
