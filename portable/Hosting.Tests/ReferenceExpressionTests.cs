using Portable.Hosting.ApplicationModel;

namespace Portable.Hosting.Tests;

public sealed class ReferenceExpressionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Holes_are_filled_when_the_value_is_asked_for()
    {
        var secret = new ParameterResource("secret", _ => "a/b", secret: true);
        var expression = ReferenceExpression.Create($"user:{secret:uri}@host;{{literal}};{secret}");

        Assert.Equal("user:a%2Fb@host;{literal};a/b", await expression.GetValueAsync(Cancel));
        Assert.Equal("user:{secret.value}@host;{literal};{secret.value}", expression.ValueExpression);
    }

    [Fact]
    public async Task A_broker_is_reached_by_an_amqp_address()
    {
        var builder = Applications.Builder();
        var broker = builder.AddRabbitMQ("broker", password: builder.AddParameter("password", "p@ss"));
        var endpoint = broker.GetEndpoint("tcp").EndpointAnnotation;

        var pending = broker.Resource.ConnectionStringExpression.GetValueAsync(Cancel).AsTask();
        Assert.False(pending.IsCompleted);
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "127.0.0.1", 5672);

        Assert.Equal("amqp://guest:p%40ss@127.0.0.1:5672", await pending);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1st")]
    [InlineData("with space")]
    [InlineData("double--hyphen")]
    [InlineData("ends-")]
    public void A_name_of_another_form_is_refused(string name) =>
        Assert.ThrowsAny<ArgumentException>(() => new ParameterResource(name, _ => ""));
}
