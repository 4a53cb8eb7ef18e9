using Carillon.Tests;

[assembly: AssemblyFixture(typeof(PostgreSqlAddress))]
