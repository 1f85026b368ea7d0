using Cli.Connections;

namespace Cli.Tests.Connections;

public sealed class ShellLinesTests
{
    [Fact]
    public void Connection_strings_become_addresses_for_the_tools_of_each_server()
    {
        var lines = ShellLines.Of(new Dictionary<string, string>
        {
            ["ConnectionStrings__commerce"] = "Host=db;Port=5433;Username=postgres;Password=p@ss'w;Database=commerce",
            ["ConnectionStrings__rabbitmq"] = "amqp://guest:secret@broker:5672",
            ["services__rabbitmq__management__0"] = "http://broker:15672",
            ["ConnectionStrings__redis"] = "cache:6380,password=secret",
            ["ConnectionStrings__elasticsearch"] = "http://search:9200",
            ["HOME"] = "/root",
        });

        Assert.Equal(
        [
            @"export ConnectionStrings__commerce='Host=db;Port=5433;Username=postgres;Password=p@ss'\''w;Database=commerce'",
            "export ConnectionStrings__elasticsearch='http://search:9200'",
            "export ConnectionStrings__rabbitmq='amqp://guest:secret@broker:5672'",
            "export ConnectionStrings__redis='cache:6380,password=secret'",
            "export services__rabbitmq__management__0='http://broker:15672'",
            "export URL='postgresql://postgres:p%40ss%27w@db:5433/commerce'",
            "export REDIS='redis://default:secret@cache:6380'",
            "export SEARCH='http://search:9200'",
            "export BROKER='http://guest:secret@broker:15672'",
        ], lines);
    }

    [Fact]
    public void Without_connection_strings_there_is_nothing_to_say() =>
        Assert.Empty(ShellLines.Of(new Dictionary<string, string> { ["services__operations__http__0"] = "http://x:1" }));
}
