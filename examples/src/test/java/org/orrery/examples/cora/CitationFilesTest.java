package org.orrery.examples.cora;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CitationFilesTest {
  @TempDir
  private Path folder;

  @BeforeEach
  void threePapers() throws IOException {
    write("nodes.csv", "node,label,split\n0,0,train\n1,1,val\n2,1,test\n");
    write("edges.csv", "src,dst\n0,2\n1,2\n");
    write("features.mtx", "%%MatrixMarket matrix coordinate pattern general\n% words\n3 4 4\n1 1\n1 4\n2 2\n3 4\n");
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  @Test
  void whatIsInTheFilesIsInTheNetwork() throws IOException {
    CitationNetwork network = CitationFiles.read(folder);
    assertEquals("3 papers, 2 citations, 4 words, 2 subjects; 1 to learn from, 1 to validate, 1 to test",
        network.toString());
    assertArrayEquals(new int[] {0, 2, 1, 2}, network.graph().adjacency().sparse().senderOf().toArray());
    assertArrayEquals(new int[] {0, 1, 1}, network.graph().labels(CitationNetwork.SUBJECT).toArray());
    // Each row divided by its sum: the first paper has two words.
    assertArrayEquals(new float[] {0.5f, 0, 0, 0.5f, 0, 1, 0, 0, 0, 0, 0, 1},
        network.wordFrequencies().dense().toArray());
  }

  @ParameterizedTest
  @CsvSource(quoteCharacter = '\'', value = {
    "nodes.csv,   'node,label\n0,0\n',                         'line 1: columns'",
    "nodes.csv,   'node,label,split\n0,0,train\n2,1,val\n',    'line 3: node 2; 1 is next'",
    "nodes.csv,   'node,label,split\n0,x,train\n',             'line 2: label ''x'''",
    "nodes.csv,   'node,label,split\n0,-1,train\n',            'line 2: label -1'",
    "nodes.csv,   'node,label,split\n0,0,exam\n',              'line 2: split ''exam'''",
    "nodes.csv,   'node,label,split\n0,0\n',                   'line 2: 2 fields'",
    "nodes.csv,   'node,label,split\n',                        'no nodes'",
    "edges.csv,   'src,dst\n0,2\n1,3\n',                       'line 3: dst 3; 0 to 2'",
    "edges.csv,   'src,dst\n1,1\n',                            'line 2: paper 1 cites itself'",
    "edges.csv,   'src,dst\n0,2\n2,0\n',                       'line 3: edge 2, 0 for the second time'",
    "features.mtx,'%%MatrixMarket matrix array real\n',        'line 1'",
    "features.mtx,'%MatrixMarket matrix coordinate pattern general\n4 4 1\n1 1\n',      'line 2: 4 rows for 3 nodes'",
    "nodes.csv,   'node,,split\n0,0,train\n',                 'nodes.csv: '",
    "features.mtx,'%MatrixMarket matrix coordinate pattern general\n3 2000000000 1\n', '2000000000 columns and'",
    "features.mtx,'%MatrixMarket matrix coordinate pattern general\n3 4 2\n1 1\n',      'line 4: the file ends'",
    "features.mtx,'%MatrixMarket matrix coordinate pattern general\n3 4 1\n1 5\n',      'line 3: entry 1, 5'",
    "features.mtx,'%MatrixMarket matrix coordinate pattern general\n3 4 1\n1 1 0.5\n',  'line 3'",
    "features.mtx,'%MatrixMarket matrix coordinate pattern general\n3 4 2\n1 1\n1 1\n', 'line 4: entry 1, 1 for'",
    "features.mtx,'%MatrixMarket matrix coordinate pattern general\n3 4 1\n1 1\n1 2\n', 'more than 1 entries'"})
  void aLineThatDoesNotFitIsNamed(String name, String text, String complaint) throws IOException {
    write(name, text);
    IOException error = assertThrows(IOException.class, () -> CitationFiles.read(folder));
    String message = String.valueOf(error.getMessage());
    assertTrue(message.contains(name) && message.contains(complaint), message);
  }

  @Test
  void aMissingFileIsNamed() throws IOException {
    Files.delete(folder.resolve("edges.csv"));
    IOException error = assertThrows(IOException.class, () -> CitationFiles.read(folder));
    assertEquals(folder.resolve("edges.csv") + ": there is no such file", error.getMessage());
  }
}
