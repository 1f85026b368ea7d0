using System.Runtime.CompilerServices;
using Portable.Hosting.ApplicationModel;
using Portable.Hosting.Dashboard.Grpc;
using Portable.Hosting.Dashboard.Wire;

namespace Portable.Hosting.Dashboard;

/// <summary>What the dashboard asks of an app host: the methods of <c>aspire.v1.DashboardService</c>.</summary>
internal sealed class ResourceService(
    string applicationName, ResourceFeed feed, ResourceLoggerService loggers, ResourceCommandService commands)
{
    /// <summary>The service's full name: the first segment of each method's path.</summary>
    public const string Name = "aspire.v1.DashboardService";

    /// <summary>Declares the five methods; any other is answered with UNIMPLEMENTED.</summary>
    public void Map(GrpcMethods methods)
    {
        methods.MapUnary("GetApplicationInformation", ApplicationInformationRequest.Parser,
            (_, _) => Task.FromResult(new ApplicationInformationResponse { ApplicationName = applicationName }));
        methods.MapServerStreaming("WatchResources", WatchResourcesRequest.Parser,
            (_, cancellation) => feed.Watch(cancellation));
        methods.MapServerStreaming(
            "WatchResourceConsoleLogs", WatchResourceConsoleLogsRequest.Parser, WatchConsoleLogs);
        methods.MapUnary("ExecuteResourceCommand", ResourceCommandRequest.Parser, ExecuteCommand);
        methods.MapDuplex("WatchInteractions", WatchInteractionsRequestUpdate.Parser, WatchInteractions);
        methods.MapUnknown();
    }

    private IAsyncEnumerable<WatchResourceConsoleLogsUpdate> WatchConsoleLogs(
        WatchResourceConsoleLogsRequest request, CancellationToken cancellationToken)
    {
        var id = feed.IdOf(request.ResourceName)
            ?? throw new GrpcException(GrpcStatus.NotFound, $"There is no resource '{request.ResourceName}'.");
        var lines = request.SuppressFollow ? loggers.GetAllAsync(id) : loggers.WatchAsync(id);
        return lines.InBatches(cancellationToken);
    }

    /// <summary>A command that fails is an answer to the person who clicked, not a failed call.</summary>
    private async Task<ResourceCommandResponse> ExecuteCommand(
        ResourceCommandRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var id = feed.IdOf(request.ResourceName) ?? request.ResourceName;
            var result = await commands.ExecuteCommandAsync(id, request.CommandName, cancellationToken);
            return new ResourceCommandResponse
            {
                Kind = result.Canceled ? ResourceCommandResponseKind.Cancelled
                    : result.Success ? ResourceCommandResponseKind.Succeeded
                    : ResourceCommandResponseKind.Failed,
                ErrorMessage = result.ErrorMessage ?? "",
            };
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new ResourceCommandResponse { Kind = ResourceCommandResponseKind.Failed, ErrorMessage = e.Message };
        }
    }

    /// <summary>
    /// This app host asks nothing of the person at the dashboard, so the stream stays open and silent until the client
    /// ends it: to end it ourselves, or to answer UNIMPLEMENTED after the headers, would make the dashboard ask again.
    /// </summary>
    private static async IAsyncEnumerable<WatchInteractionsResponseUpdate> WatchInteractions(
        IAsyncEnumerable<WatchInteractionsRequestUpdate> answers,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var answer in answers.WithCancellation(cancellationToken))
        {
            throw new GrpcException(GrpcStatus.InvalidArgument,
                $"Interaction {answer.InteractionId} was never asked for by this app host.");
        }

        yield break;
    }
}
