namespace Projections.Engine.Elasticsearch;

/// <summary>
/// Where a projection's rows are in Elasticsearch: a document each, of the key's and the row's properties.
/// </summary>
/// <param name="Definition">
/// The file with the index's settings and mappings; it maps <c>position</c> and <c>checkpoint</c>.
/// </param>
/// <param name="Id">A row's document id.</param>
internal sealed record ElasticsearchStorage<TKey>(string Definition, Func<TKey, string> Id);
