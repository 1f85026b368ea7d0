using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Portable.Endpoints.Tests;

public class RegistrationTests
{
    [Theory]
    [InlineData(typeof(NowhereEndpoint), "no route")]
    [InlineData(typeof(UnconfiguredEndpoint), "Configure()")]
    [InlineData(typeof(IdleEndpoint), "HandleAsync")]
    public void An_endpoint_put_together_wrongly_is_an_error_at_start(Type endpoint, string words)
    {
        var error = Assert.Throws<InvalidOperationException>(() => TestApp.Build(_ => { }, endpoint));
        Assert.Contains(endpoint.Name, error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_endpoints_on_one_route_are_an_error_at_start()
    {
        var error = Assert.Throws<InvalidOperationException>(
            () => TestApp.Build(_ => { }, typeof(MaybeEndpoint), typeof(TwiceEndpoint)));
        Assert.Contains("GET /maybe", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_application_without_endpoints_is_an_error_at_start() =>
        Assert.Throws<InvalidOperationException>(() => TestApp.Build(_ => { }));

    [Fact]
    public async Task OpenAPI_learns_what_an_endpoint_takes_and_answers()
    {
        await using var app = await TestApp.Start(typeof(BasketEndpoint), typeof(BasketRules));
        var metadata = RouteOf(app, "/baskets/{basketId}").Metadata;
        var accepts = metadata.GetRequiredMetadata<IAcceptsMetadata>();
        Assert.Equal(typeof(BasketRequest), accepts.RequestType);
        Assert.Equal(["application/json"], accepts.ContentTypes);
        var produces = metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>();
        Assert.Equal(
            [(200, typeof(BasketRequest)), (400, typeof(ErrorResponse))],
            produces.Select(answer => (answer.StatusCode, answer.Type)));
        Assert.Equal("BasketEndpoint", metadata.GetRequiredMetadata<IEndpointNameMetadata>().EndpointName);
    }

    [Fact]
    public async Task An_endpoint_wants_authorization_unless_it_says_otherwise()
    {
        await using var app = await TestApp.Start(
            config => config.Endpoints.Configurator = null, typeof(AdminEndpoint), typeof(MaybeEndpoint));
        var metadata = RouteOf(app, "/admin").Metadata;
        Assert.Null(metadata.GetMetadata<IAllowAnonymous>());
        var wanted = metadata.GetOrderedMetadata<IAuthorizeData>();
        Assert.Contains(wanted, data => data.Roles == "operator");
        Assert.Contains(wanted, data => data.Policy == "signed-on");
        Assert.NotEmpty(RouteOf(app, "/maybe").Metadata.GetOrderedMetadata<IAuthorizeData>());
    }

    [Fact]
    public async Task Endpoints_can_be_left_out_and_prefixed()
    {
        await using var app = await TestApp.Start(
            config =>
            {
                config.Endpoints.RoutePrefix = "api";
                config.Endpoints.Filter = endpoint => endpoint.EndpointType != typeof(AdminEndpoint);
            },
            typeof(AdminEndpoint),
            typeof(MaybeEndpoint));
        var routes = app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();
        Assert.Equal(["/api/maybe"], routes.Select(route => route.RoutePattern.RawText));
    }

    private static RouteEndpoint RouteOf(TestApp app, string pattern) =>
        app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Single(route => route.RoutePattern.RawText == pattern);
}
