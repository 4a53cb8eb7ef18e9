namespace Carillon.PostgreSql.Tests.Durability;

[Event("test.invoiced")]
public sealed record Invoiced([property: Key] string Account, int Number);
