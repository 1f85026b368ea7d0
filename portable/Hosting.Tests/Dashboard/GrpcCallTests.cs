using System.IO.Pipelines;
using System.Net;
using Portable.Hosting.Dashboard.Grpc;
using Portable.Hosting.Dashboard.Wire;

namespace Portable.Hosting.Tests.Dashboard;

public sealed class GrpcCallTests
{
    private const string Watch = "/aspire.v1.DashboardService/WatchResources";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_deadline_ends_a_stream()
    {
        await using var service = await ResourceServiceFixture.Start(Cancellation);

        using var call = await service.Client.Call(
            "WatchResources", new WatchResourcesRequest(), Cancellation, timeout: "200m");

        Assert.Equal((4, "The deadline of the call has passed."), await call.End(Cancellation));
    }

    [Theory]
    [InlineData("/aspire.v1.DashboardService/DeleteEverything")]
    [InlineData("/another.Service/WatchResources")]
    public async Task An_unknown_method_is_unimplemented(string path)
    {
        await using var service = await ResourceServiceFixture.Start(Cancellation);

        using var call = await service.Client.Send(
            path, new ByteArrayContent(RawGrpcClient.Frame(new WatchResourcesRequest())), timeout: null, Cancellation);

        Assert.Equal(12, (await call.End(Cancellation)).Status);
    }

    [Fact]
    public async Task A_compressed_message_is_refused()
    {
        await using var service = await ResourceServiceFixture.Start(Cancellation);
        var frame = RawGrpcClient.Frame(new WatchResourcesRequest { IsReconnect = true }, compressed: 1);

        using var call = await service.Client.Send(Watch, new ByteArrayContent(frame), timeout: null, Cancellation);

        Assert.Equal(12, (await call.End(Cancellation)).Status);
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0, 9, 1 }, 13)]
    [InlineData(new byte[] { 0, 0, 0, 0, 1, 0xFF }, 13)]
    [InlineData(new byte[] { 0, 0x7F, 0xFF, 0xFF, 0xFF, 0 }, 8)]
    [InlineData(new byte[] { }, 12)]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, 12)]
    public async Task A_request_that_is_not_one_whole_message_is_refused(byte[] body, int status)
    {
        await using var service = await ResourceServiceFixture.Start(Cancellation);

        using var call = await service.Client.Send(Watch, new ByteArrayContent(body), timeout: null, Cancellation);

        Assert.Equal(status, (await call.End(Cancellation)).Status);
    }

    [Fact]
    public async Task What_is_not_grpc_is_turned_away()
    {
        await using var service = await ResourceServiceFixture.Start(Cancellation);

        using var call = await service.Client.Send(
            Watch, new StringContent("{}", mediaType: new("application/json")), timeout: null, Cancellation);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, call.HttpStatus);
    }

    [Fact]
    public async Task The_stream_of_interactions_stays_open_until_the_client_ends_it()
    {
        await using var service = await ResourceServiceFixture.Start(Cancellation);
        var answers = new OpenContent();

        using var call = await service.Client.Send(
            "/aspire.v1.DashboardService/WatchInteractions", answers, timeout: null, Cancellation);
        var end = call.End(Cancellation);
        Assert.False(end.IsCompleted);

        answers.Complete();
        Assert.Equal((0, ""), await end);
    }

    [Fact]
    public async Task Messages_cut_at_any_place_arrive_whole()
    {
        var frames = Enumerable.Range(0, 5)
            .SelectMany(number => RawGrpcClient.Frame(
                new ResourceCommandRequest { CommandName = new string('x', number * 7) }))
            .ToArray();
        for (var piece = 1; piece <= frames.Length; piece++)
        {
            var pipe = new Pipe();
            var reading = pipe.Reader.ReadMessages(ResourceCommandRequest.Parser, Cancellation)
                .Select(message => message.CommandName.Length).ToListAsync(Cancellation);
            foreach (var part in frames.Chunk(piece)) await pipe.Writer.WriteAsync(part, Cancellation);
            await pipe.Writer.CompleteAsync();

            Assert.Equal([0, 7, 14, 21, 28], await reading);
        }
    }

    /// <summary>A body without a byte that lasts until it is completed.</summary>
    private sealed class OpenContent : HttpContent
    {
        private readonly TaskCompletionSource completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Complete() => completed.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.FlushAsync(Cancellation);
            await completed.Task.WaitAsync(Cancellation);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
