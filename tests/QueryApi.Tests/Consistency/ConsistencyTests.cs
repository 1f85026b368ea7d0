using System.Globalization;
using System.Net;
using QueryApi.Tests.Running;

namespace QueryApi.Tests.Consistency;

public sealed class ConsistencyTests(RunningCommerce commerce)
{
    private const long BeyondTheLog = 1_000_000_000_000;
    private readonly Shop shop = new(RunningCommerce.NewTenant());

    public static TheoryData<string> Queries =>
    [
        "/products/LAMP-1", "/products", "/products/suggestions?prefix=storm", "/stock/LAMP-1", "/bestsellers",
        "/customers/C1/orders", "/orders/0198f3a0-0000-7000-8000-000000000001",
        "/orders/0198f3a0-0000-7000-8000-000000000001/live", "/analytics/revenue",
    ];

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Every_query_waits_for_its_token_and_says_what_it_shows(string path)
    {
        var token = await commerce.Append(shop.Registered("LAMP-1"));

        using var response = await commerce.Api.Send(path, shop.Tenant, token);

        Assert.True(
            response.StatusCode is HttpStatusCode.OK or HttpStatusCode.NotFound, $"{path}: {response.StatusCode}");
        Assert.InRange(Position(response), token, long.MaxValue);
        Assert.InRange(long.Parse(Header(response, "Staleness-Ms"), CultureInfo.InvariantCulture), 0, 60_000);
    }

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task A_token_beyond_the_log_is_answered_503_when_the_time_is_up(string path)
    {
        using var response = await commerce.Api.Send(path, shop.Tenant, BeyondTheLog, ("Consistency-Timeout", "0.2"));

        var detail = await response.Detail(HttpStatusCode.ServiceUnavailable);
        Assert.Contains($"Consistency-Token {BeyondTheLog}", detail, StringComparison.Ordinal);
        Assert.Contains("0.2 s", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_waits_is_answered_when_the_event_arrives()
    {
        // Positions have holes, so the token is the position of an event that other tests may write as well.
        var head = await commerce.ReadHead();
        var waiting = commerce.Api.Send("/products/LATE-1", shop.Tenant, head + 1);

        await commerce.Append(shop.Registered("LATE-1"));

        using var response = await waiting;
        Assert.InRange(Position(response), head + 1, long.MaxValue);
    }

    [Fact]
    public async Task Without_a_token_the_answer_does_not_wait()
    {
        using var response = await commerce.Api.Send("/products/NO-SUCH", shop.Tenant);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task An_age_limit_that_holds_is_answered()
    {
        await commerce.Append(shop.Registered("LAMP-1"));

        using var response = await commerce.Api.Send(
            "/products/LAMP-1", shop.Tenant, null, ("Max-Staleness", "10s"), ("Consistency-Timeout", "30"));

        Assert.InRange(long.Parse(Header(response, "Staleness-Ms"), CultureInfo.InvariantCulture), 0, 10_000);
    }

    [Fact]
    public async Task An_age_limit_that_cannot_hold_is_answered_503()
    {
        using var response = await commerce.Api.Send(
            "/products/LAMP-1", shop.Tenant, null, ("Max-Staleness", "0ms"), ("Consistency-Timeout", "0.3"));

        Assert.Contains(
            "Max-Staleness 0ms", await response.Detail(HttpStatusCode.ServiceUnavailable), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Consistency-Token", "soon")]
    [InlineData("Consistency-Token", "-1")]
    [InlineData("Consistency-Token", "12.5")]
    [InlineData("Consistency-Timeout", "31")]
    [InlineData("Consistency-Timeout", "a while")]
    [InlineData("Max-Staleness", "2h")]
    [InlineData("Max-Staleness", "-2s")]
    [InlineData("Consistency", "rather strong")]
    public async Task A_header_that_makes_no_sense_is_refused_by_name_and_value(string header, string value)
    {
        using var response = await commerce.Api.Send("/products/LAMP-1", shop.Tenant, null, (header, value));

        Assert.Contains(value, await response.Error(header), StringComparison.Ordinal);
    }

    private static long Position(HttpResponseMessage response) =>
        long.Parse(Header(response, "Read-Position"), CultureInfo.InvariantCulture);

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.GetValues(name).Single();
}
