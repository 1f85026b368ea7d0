using System.Net;
using System.Text.Json.Nodes;

namespace Projections.Engine.Elasticsearch;

/// <summary>
/// How far an index is filled, as a document of that index: lost when the documents are lost. It is replaced only in
/// the version that this writer left it in, so a writer that was replaced cannot move it.
/// </summary>
internal sealed class IndexCheckpoint(ElasticsearchClient elasticsearch)
{
    private const string Document = "checkpoint";

    /// <summary>
    /// An advance over events that the model does not take is written this often at most. Until then the document is
    /// behind, and a restart reads those events again, which changes nothing.
    /// </summary>
    private static readonly TimeSpan LazyInterval = TimeSpan.FromSeconds(10);

    private Written? written;
    private long writtenAt;

    /// <summary>The position that the index holds; 0 where it is empty.</summary>
    public async Task<long> Open(string index, CancellationToken cancellationToken)
    {
        written = await Find(index, cancellationToken);
        writtenAt = TimeProvider.System.GetTimestamp();
        return written?.Position ?? 0;
    }

    /// <param name="position">What the writer believes the index holds.</param>
    /// <returns>The same, or what the index really holds where the document is not as the writer left it.</returns>
    public async Task<long> Read(string index, long position, CancellationToken cancellationToken)
    {
        var found = await Find(index, cancellationToken);
        return found == written ? position : found?.Position ?? 0;
    }

    /// <param name="lazily">Nothing was saved, so the document may stay behind for a while.</param>
    /// <exception cref="ModelLostException">The document is gone or was replaced by another writer.</exception>
    public async Task Advance(string index, long position, bool lazily, CancellationToken cancellationToken)
    {
        if (lazily && TimeProvider.System.GetElapsedTime(writtenAt) < LazyInterval)
            return;
        var condition = written is null
            ? "op_type=create"
            : $"if_seq_no={written.SequenceNumber}&if_primary_term={written.PrimaryTerm}";
        try
        {
            var answer = await elasticsearch.Send(
                HttpMethod.Put,
                $"{IndexLifecycle.WriteAlias(index)}/_doc/{Document}?require_alias=true&{condition}",
                new JsonObject { [Document] = position }.ToJsonString(),
                cancellationToken);
            written = new Written((long)answer["_seq_no"]!, (long)answer["_primary_term"]!, position);
            writtenAt = TimeProvider.System.GetTimestamp();
        }
        catch (ElasticsearchException exception)
            when (exception.Status is HttpStatusCode.Conflict or HttpStatusCode.NotFound)
        {
            throw new ModelLostException(
                $"The index {index} is not as this writer left it (it was emptied, or another writer took over): "
                + exception.Message);
        }
    }

    private async Task<Written?> Find(string index, CancellationToken cancellationToken) =>
        await elasticsearch.Find($"{index}/_doc/{Document}", cancellationToken) is { } found
            ? new((long)found["_seq_no"]!, (long)found["_primary_term"]!, (long)found["_source"]![Document]!)
            : null;

    private sealed record Written(long SequenceNumber, long PrimaryTerm, long Position);
}
