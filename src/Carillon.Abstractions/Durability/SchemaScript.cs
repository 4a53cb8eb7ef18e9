namespace Carillon.Durability;

/// <summary>The SQL that brings the tables of a store from one version to the next, for people and tools that create tables themselves.</summary>
/// <param name="Version">The version that it leads to, from 1.</param>
/// <param name="Sql">Plain SQL, of several statements, that also notes the version in <c>carillon_schema</c>.</param>
public sealed record SchemaScript(int Version, string Sql);
