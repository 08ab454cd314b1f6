import java.nio.file.Path;
import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.GraphDatabase;

/** Starts a server with the configuration of a home, runs queries over Bolt, a line of answer each, and stops it. */
public class QueryNeo4j {
    public static void main(String[] words) throws Exception {
        Path home = Path.of(words[0]);
        var service = new DatabaseManagementServiceBuilder(home)
            .loadPropertiesFromFile(home.resolve("conf/neo4j.conf"))
            .setConfig(GraphDatabaseSettings.strict_config_validation, true)
            .build();
        try (var driver = GraphDatabase.driver(words[1], AuthTokens.basic("neo4j", System.getenv("AUTH_PASSWORD")));
                var session = driver.session()) {
            for (int index = 2; index < words.length; index++) {
                System.out.println(session.run(words[index]).list(record -> record.asMap()));
            }
        } finally {
            service.shutdown();
        }
    }
}
