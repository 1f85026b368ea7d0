using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Operations.Security;
using Servers;
using ServiceDefaults.Telemetry.Figures;

namespace Operations.Tests.Security;

/// <summary>Who may do what, asked for over HTTP.</summary>
public sealed class SignOnTests(TestServers servers)
{
    private static readonly string Ada = Key(), Bob = Key(), Shop = Key();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_viewer_reads_an_operator_acts_a_service_reports_and_nobody_else_does_anything()
    {
        await using var operations = await Start();
        foreach (var path in (string[])["health", "alive", "console/sign-in"])
            Assert.Equal(HttpStatusCode.OK, await Status(operations, HttpMethod.Get, path, null));

        string[] readable =
            ["api/errors", "api/actions", "monitoring/monitored-endpoints", "console/", "console/session", "nowhere"];
        foreach (var path in readable)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await Status(operations, HttpMethod.Get, path, null));
            Assert.Equal(HttpStatusCode.Unauthorized, await Status(operations, HttpMethod.Get, path, Key()));
            Assert.Equal(HttpStatusCode.Forbidden, await Status(operations, HttpMethod.Get, path, Shop));
            var expected = path == "nowhere" ? HttpStatusCode.NotFound : HttpStatusCode.OK;
            Assert.Equal(expected, await Status(operations, HttpMethod.Get, path, Bob));
            Assert.Equal(expected, await Status(operations, HttpMethod.Get, path, Ada));
        }

        (HttpMethod Method, string Path)[] acting =
        [
            (HttpMethod.Post, "api/errors/retry/all"),
            (HttpMethod.Patch, "api/errors/archive"),
            (HttpMethod.Post, "console/projections/order-details/pause"),
        ];
        foreach (var (method, path) in acting)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await Status(operations, method, path, null));
            Assert.Equal(HttpStatusCode.Forbidden, await Status(operations, method, path, Bob));
            Assert.Equal(HttpStatusCode.Forbidden, await Status(operations, method, path, Shop));
        }

        Assert.Equal(HttpStatusCode.NoContent, await Report(operations, Shop));
        Assert.Equal(HttpStatusCode.Forbidden, await Report(operations, Ada));
        Assert.Equal(HttpStatusCode.Unauthorized, await Report(operations, null));
        Assert.Equal(HttpStatusCode.Accepted, await Status(operations, HttpMethod.Post, "api/errors/retry/all", Ada));
        await Recorded(operations, "ada", "retry", null, "done");
        // What they were not allowed to do, too.
        await Recorded(operations, "bob", "PATCH", "/api/errors/archive", "refused");
        await Recorded(operations, "shop", "POST", "/console/projections/order-details/pause", "refused");
    }

    [Fact]
    public async Task Wrong_keys_are_recorded_and_after_ten_none_is_looked_at_for_a_while()
    {
        await using var operations = await Start();
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false })
        {
            BaseAddress = operations.Address,
        };
        for (var i = 0; i < WrongKeys.AtOnce; i++)
        {
            using var refused = await SignIn(Key());
            Assert.Equal(HttpStatusCode.Redirect, refused.StatusCode);
        }

        using var late = await SignIn(Ada);
        Assert.Equal(HttpStatusCode.TooManyRequests, late.StatusCode);
        Assert.InRange(late.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), WrongKeys.Every);
        Assert.Equal(HttpStatusCode.TooManyRequests, await Status(operations, HttpMethod.Get, "api/errors", Key()));
        // Tools and services with a right key go on.
        Assert.Equal(HttpStatusCode.OK, await Status(operations, HttpMethod.Get, "api/errors", Bob));
        await Recorded(operations, "anonymous", "sign-in", null, "refused", count: WrongKeys.AtOnce);

        async Task<HttpResponseMessage> SignIn(string key)
        {
            using var form = new FormUrlEncodedContent([new("key", key), new("to", "/console/")]);
            return await browser.PostAsync("console/sign-in", form, Cancellation);
        }
    }

    [Fact]
    public async Task A_name_that_a_client_claims_does_not_replace_who_signed_on()
    {
        await using var operations = await Start();
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/errors/retry/all")
        {
            Headers = { { "Operator", "somebody-else" } },
        };
        using var accepted = await Send(operations, request, Ada);
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        await Recorded(operations, "ada", "retry", null, "done");
    }

    [Fact]
    public async Task A_cookie_is_not_taken_from_a_page_of_another_origin()
    {
        await using var operations = await Start();
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false })
        {
            BaseAddress = operations.Address,
        };
        using var form = new FormUrlEncodedContent([new("key", Ada), new("to", "//evil.example/")]);
        using var signedOn = await browser.PostAsync("console/sign-in", form, Cancellation);
        Assert.Equal("/console/", signedOn.Headers.Location?.ToString());
        var cookie = Assert.Single(signedOn.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie);
        Assert.Contains("samesite=strict", cookie);

        Assert.Equal(HttpStatusCode.Accepted, await Retry(("Sec-Fetch-Site", "same-origin")));
        var own = operations.Address.GetLeftPart(UriPartial.Authority);
        Assert.Equal(HttpStatusCode.Accepted, await Retry(("Origin", own)));
        Assert.Equal(HttpStatusCode.Forbidden, await Retry(("Sec-Fetch-Site", "same-site")));
        Assert.Equal(HttpStatusCode.Forbidden, await Retry(("Origin", "http://evil.example")));
        Assert.Equal(HttpStatusCode.Forbidden, await Retry(("Origin", "null")));

        async Task<HttpStatusCode> Retry((string Name, string Value) header)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "api/errors/retry/all");
            request.Headers.Add(header.Name, header.Value);
            using var answer = await browser.SendAsync(request, Cancellation);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task A_key_that_is_nobodys_and_a_services_key_open_no_page()
    {
        await using var operations = await Start();
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false })
        {
            BaseAddress = operations.Address,
        };
        foreach (var key in (string[])["", "guess", Key(), Shop])
        {
            using var form = new FormUrlEncodedContent([new("key", key), new("to", "/console/")]);
            using var refused = await browser.PostAsync("console/sign-in", form, Cancellation);
            Assert.Equal("/console/sign-in?refused&to=%2Fconsole%2F", refused.Headers.Location?.ToString());
            Assert.False(refused.Headers.Contains("Set-Cookie"));
        }
    }

    [Fact]
    public void Without_operators_it_starts_in_Development_alone()
    {
        var refused = Assert.Throws<OperatorSettingsException>(() => Create("Production"));
        Assert.Contains("Operations__Operators__0__KeySha256", refused.Message);
        Assert.Contains("'Production'", refused.Message);
        Assert.Throws<OperatorSettingsException>(() => Create("Staging"));
        using var open = Create("Development");
        Assert.NotNull(open);
    }

    [Theory]
    [InlineData("", "operator", null, "__Name")]
    [InlineData("ada", "", null, "__Role")]
    [InlineData("ada", "operator", "12ab", "__KeySha256")]
    public void An_operator_that_cannot_be_is_refused_by_name(string name, string role, string? hash, string says)
    {
        var refused = Assert.Throws<OperatorSettingsException>(() => Create(
            "Production", $"--Operations:Operators:0:Name={name}", $"--Operations:Operators:0:Role={role}",
            $"--Operations:Operators:0:KeySha256={hash ?? Hash(Ada)}"));
        Assert.Contains(says, refused.Message);
    }

    internal static string[] Accounts(params (string Name, string Role, string Key)[] accounts) =>
    [
        "--environment=Production",
        .. accounts.SelectMany((account, index) => new[]
        {
            $"--Operations:Operators:{index}:Name={account.Name}",
            $"--Operations:Operators:{index}:Role={account.Role}",
            $"--Operations:Operators:{index}:KeySha256={Hash(account.Key)}",
        }),
    ];

    internal static string Key() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static IHost Create(string environment, params string[] more) => OperationsService.Create(
    [
        "--ConnectionStrings:commerce=Host=127.0.0.1", "--ConnectionStrings:rabbitmq=amqp://127.0.0.1",
        $"--environment={environment}", .. more,
    ]);

    private Task<RunningOperations> Start() => RunningOperations.Start(
        servers, Accounts(("ada", "operator", Ada), ("bob", "viewer", Bob), ("shop", "service", Shop)));

    /// <summary>Waits until so many of these are on record; what was refused follows the answer.</summary>
    private static async Task Recorded(
        RunningOperations operations, string who, string action, string? resource, string outcome, int count = 1)
    {
        for (var tries = 0; tries < 300; tries++)
        {
            var all = await Read(operations, "api/actions?per_page=100", Ada);
            if (all.EnumerateArray().Count(one =>
                one.GetProperty("who").GetString() == who && one.GetProperty("action").GetString() == action
                && one.GetProperty("outcome").GetString() == outcome
                && (resource is null || one.GetProperty("resource").GetString() == resource)) == count)
                return;
            await Task.Delay(100, Cancellation);
        }

        Assert.Fail($"{who}'s {action} is not on record as {outcome}, {count} time(s).");
    }

    private static async Task<HttpStatusCode> Status(
        RunningOperations operations, HttpMethod method, string path, string? key)
    {
        using var request = new HttpRequestMessage(method, path);
        if (method == HttpMethod.Patch)
            request.Content = JsonContent.Create(Array.Empty<string>());
        using var answer = await Send(operations, request, key);
        return answer.StatusCode;
    }

    private static async Task<HttpStatusCode> Report(RunningOperations operations, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, ServiceFigures.Route)
        {
            Content = JsonContent.Create(new ServiceFigures("shop", "shop-1", 1, [])),
        };
        using var answer = await Send(operations, request, key);
        return answer.StatusCode;
    }

    private static async Task<JsonElement> Read(RunningOperations operations, string path, string key)
    {
        using var answer = await Send(operations, new HttpRequestMessage(HttpMethod.Get, path), key);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
    }

    private static async Task<HttpResponseMessage> Send(
        RunningOperations operations, HttpRequestMessage request, string? key)
    {
        request.RequestUri = new Uri(operations.Address, request.RequestUri!);
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return await operations.Client.SendAsync(request, Cancellation);
    }
}
