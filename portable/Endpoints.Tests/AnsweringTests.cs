using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace Portable.Endpoints.Tests;

public class AnsweringTests
{
    [Theory]
    [InlineData("created", HttpStatusCode.Created, """{"made":7}""")]
    [InlineData("accepted", HttpStatusCode.Accepted, "")]
    [InlineData("missing", HttpStatusCode.NotFound, "")]
    [InlineData("text", HttpStatusCode.Accepted, "plain")]
    [InlineData("result", (HttpStatusCode)418, """{"of":"result"}""")]
    [InlineData("response", HttpStatusCode.NonAuthoritativeInformation, """{"any":"body"}""")]
    [InlineData("ok", HttpStatusCode.OK, "")]
    [InlineData("nothing", HttpStatusCode.NoContent, "")]
    public async Task An_endpoint_answers_as_it_says(string how, HttpStatusCode status, string body)
    {
        await using var app = await TestApp.Start(typeof(SenderEndpoint), typeof(FaultEndpoint));
        using var response = await app.Get($"/send/{how}");
        response.Is(status);
        Assert.Equal(body, await response.Text());
    }

    [Theory]
    [InlineData("created", "/faults/7")]
    [InlineData("accepted", "/faults/8")]
    public async Task A_location_is_made_from_the_route_of_another_endpoint(string how, string location)
    {
        await using var app = await TestApp.Start(typeof(SenderEndpoint), typeof(FaultEndpoint));
        using var response = await app.Get($"/send/{how}");
        Assert.Equal(location, response.Headers.Location?.ToString());
    }

    [Fact]
    public async Task A_result_of_null_is_no_content()
    {
        await using var app = await TestApp.Start(typeof(MaybeEndpoint));
        using var response = await app.Get("/maybe");
        response.Is(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData(1, HttpStatusCode.BadRequest, "number", "is too low")]
    [InlineData(2, HttpStatusCode.Conflict, "generalErrors", "is taken")]
    [InlineData(3, HttpStatusCode.UnprocessableEntity, "number", "is odd")]
    [InlineData(4, HttpStatusCode.ServiceUnavailable, "generalErrors", "nothing works")]
    public async Task A_handler_can_find_faults_itself(int number, HttpStatusCode status, string field, string message)
    {
        await using var app = await TestApp.Start(typeof(FaultEndpoint));
        using var response = await app.Get($"/faults/{number}");
        response.Is(status);
        Assert.Equal(message, await response.ErrorOf(field));
    }

    [Fact]
    public async Task A_validator_is_found_and_names_fields_as_in_JSON()
    {
        await using var app = await TestApp.Start(typeof(BasketEndpoint), typeof(BasketRules));
        using var response = await app.Post(
            $"/baskets/{Guid.Empty}",
            """{ "lines": [{ "sku": "A", "quantity": 1 }, { "sku": "B", "quantity": 0 }] }""");
        response.Is(HttpStatusCode.BadRequest);
        Assert.Equal("must be more than 0", await response.ErrorOf("lines[1].quantity"));
    }

    [Fact]
    public async Task The_shape_of_errors_can_be_replaced()
    {
        await using var app = await TestApp.Start(
            config => config.Errors.ResponseBuilder = (failures, context, status) =>
                new { path = context.Request.Path.Value, status, first = failures[0].ErrorMessage },
            typeof(FaultEndpoint));
        using var response = await app.Get("/faults/2");
        Assert.Equal("""{"path":"/faults/2","status":409,"first":"is taken"}""", await response.Text());
    }

    [Fact]
    public async Task Errors_can_be_the_problem_details_of_the_original()
    {
        await using var app = await TestApp.Start(config => config.Errors.UseProblemDetails(), typeof(FaultEndpoint));
        using var response = await app.Get("/faults/3");
        Assert.Contains("""[{"name":"number","reason":"is odd"}]""", await response.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_request_has_an_instance_of_its_own_which_is_disposed()
    {
        await using var app = await TestApp.Start(typeof(DisposedEndpoint));
        var instances = app.Services.GetRequiredService<Instances>();
        using var first = await app.Get("/disposed");
        using var second = await app.Get("/disposed");
        Assert.Equal("call 1", await second.Text());
        while (Volatile.Read(ref instances.Disposed) < 2) // disposed after the answer has left
            await Task.Delay(TimeSpan.FromMilliseconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_method_that_no_endpoint_takes_is_405_with_those_that_are()
    {
        await using var app = await TestApp.Start(typeof(SenderEndpoint));
        using var response = await app.Http.DeleteAsync("/send/ok", TestContext.Current.CancellationToken);
        response.Is(HttpStatusCode.MethodNotAllowed);
        Assert.Equal(["GET", "PUT"], response.Content.Headers.Allow.Order());
    }

    [Fact]
    public async Task A_body_over_the_limit_is_413()
    {
        await using var app = await TestApp.Start(typeof(SmallBodyEndpoint));
        using var response = await app.Http.PutAsync(
            "/small",
            new StringContent($$"""{ "sku": "{{new string('A', 100)}}" }""", null, "application/json"),
            TestContext.Current.CancellationToken);
        response.Is(HttpStatusCode.RequestEntityTooLarge);
    }
}
